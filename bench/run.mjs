// npm run bench [-- [filter…] [--samples N] [--json] [--strict]]
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES } from './cases.mjs';

const FEWEST = 20;
const note = text => process.stderr.write(`${text}\n`);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      samples: { type: 'string', default: String(FEWEST) },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const samples = Math.max(FEWEST, Number.parseInt(values.samples, 10) || FEWEST);
  const chosen = CASES.filter(
    ({ id }) => positionals.length === 0 || positionals.some(word => id.includes(word)),
  );
  if (chosen.length === 0) {
    note(`no such case; there are ${CASES.map(({ id }) => id).join(', ')}`);
    return 2;
  }
  if (!existsSync(fileURLToPath(new URL('../dist/main.js', import.meta.url)))) {
    note('the program is not built: npm run build');
    return 2;
  }
  const say = values.json ? () => undefined : text => console.log(text);
  const machine = {
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model ?? '',
    node: process.version,
    load: loadavg()[0],
  };
  say(
    `${machine.cpus} CPUs (${machine.cpu}), Node ${machine.node}, load ${machine.load.toFixed(1)}; medians, and quartiles in brackets`,
  );
  const results = [];
  for (const { id, title, goal, show, measure } of chosen) {
    say(`\n${id}: ${title}`);
    const { value, missed, skipped, lines = [], summary } = await attempt(() => measure({ samples, note }));
    for (const line of lines) say(`  ${line}`);
    const met = skipped === undefined ? value <= goal && missed === undefined : null;
    say(`  ${verdict(met, skipped, missed, show(goal))}`);
    results.push({
      id,
      title,
      goal,
      value: value || null,
      met,
      skipped: skipped ?? missed ?? null,
      ...summary,
    });
  }
  if (values.json) console.log(JSON.stringify({ version: 1, machine, cases: results }, null, 2));
  if (values.strict && results.some(({ met }) => met === false)) return 1;
  return results.every(({ met }) => met === null) ? 3 : 0;
}

/** What fails has no figure, so it misses its goal; the other cases are still measured. */
async function attempt(measure) {
  try {
    return await measure();
  } catch (error) {
    return { value: Number.NaN, missed: error.message };
  }
}

function verdict(met, skipped, missed, goal) {
  if (met === null) return `SKIPPED: ${skipped}`;
  return met ? `goal ${goal}: met` : `goal ${goal}: MISSED${missed ? `, ${missed}` : ''}`;
}

process.exitCode = await main();
