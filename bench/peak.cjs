// Loaded into the measured process: writes down, when it ends, the most memory it ever had, in KiB.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.AIDEPLOY_BENCH_PEAK, String(peak())));

function peak() {
  try {
    // Not ru_maxrss: on Linux a process inherits that from the one that started it.
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
