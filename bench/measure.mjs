import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PEAK = fileURLToPath(new URL('peak.cjs', import.meta.url));

/** Milliseconds from the start of a program to its end. One that fails has no time. */
export function time(program, args, { accept = [0], ...options } = {}) {
  const start = process.hrtime.bigint();
  const { status, signal, error, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...options,
  });
  const end = process.hrtime.bigint();
  if (error) throw error;
  if (!accept.includes(status))
    throw new Error(`${program} ${args.join(' ')}: ${signal ?? `exit code ${status}`}\n${stderr}`);
  return Number(end - start) / 1e6;
}

/** The most memory that a Node program had at any moment, in MiB. */
export function peakMemory(args, options = {}) {
  return inFolder(folder => {
    const file = join(folder, 'peak');
    const env = { ...process.env, AIDEPLOY_BENCH_PEAK: file };
    time(process.execPath, ['--require', PEAK, ...args], { ...options, env });
    return Number(readFileSync(file, 'utf8')) / 1024;
  });
}

/** Something in an empty folder that is gone afterwards. */
export function inFolder(action) {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let result;
  try {
    result = action(folder);
  } finally {
    if (!(result instanceof Promise)) remove();
  }
  return result instanceof Promise ? result.finally(remove) : result;
}
