import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakMemory, time } from './measure.mjs';
import { comparePairs, measurePairs, summarise } from './statistics.mjs';
import { GOSS, obtain, Unobtainable } from './tools.mjs';

const AIDEPLOY = fileURLToPath(new URL('../bin/aideploy.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));

const ms = value => `${value.toFixed(1)} ms`;
const times = value => `${value.toFixed(3)}×`;
const mebibytes = value => `${value.toFixed(1)} MiB`;
const percent = value => `${((value - 1) * 100).toFixed(1)} %`;
const spread = ({ median, quartiles }, show) => `${show(median)} (${quartiles.map(show).join(' … ')})`;

const SERVICE = `    language: node
    build: {main: src/server.js}
    metrics: {}
    health: {live: /health/live, ready: /health/ready, startup: /health/startup, deep: /health/deep}
`;

/** Something with a service at a port, and a project that is configured for it. */
async function withService({ delay = 0, lines = '' }, action) {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-bench-'));
  const env = { ...process.env, DELAY: String(delay) };
  const service = spawn(process.execPath, [join(FIXTURES, 'service.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = Number(await new Promise(resolve => service.stdout.once('data', resolve)));
    const yaml = `version: 1\nname: chat\nservices:\n  api:\n    port: ${port}\n${SERVICE}${lines}`;
    writeFileSync(
      join(folder, 'aideploy.yaml'),
      `${yaml}observability: {metrics: {family: {requests: ai_requests_total}}}\n`,
    );
    return await action({ folder, port, url: `http://127.0.0.1:${port}` });
  } finally {
    service.kill();
    await rm(folder, { recursive: true });
  }
}

/** The document of one run. */
function verify(folder, ...args) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [AIDEPLOY, 'verify', '--cwd', folder, '--format', 'json', ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`aideploy verify: exit code ${status}\n${stderr}${stdout}`);
  return JSON.parse(stdout);
}

const wall = ({ samples }) =>
  withService({ lines: '    stream: {kind: sse, paths: [/api/chat/stream]}\n' }, ({ folder }) => {
    let count = 0;
    const pairs = Array.from({ length: samples }, () => {
      const { durationMs, probes } = verify(folder);
      count = probes.length;
      return { a: Math.max(...probes.map(probe => probe.durationMs)), b: durationMs };
    });
    const compared = comparePairs(pairs);
    return {
      value: compared.ratio.median,
      lines: [
        `slowest of ${count} probes: ${spread(compared.a, ms)}`,
        `all of them: ${spread(compared.b, ms)}`,
        `ratio: ${spread(compared.ratio, times)}`,
      ],
      summary: compared,
    };
  });

const DELAY = 50;
const AT_ONCE = 10;
const SECONDS = 2;

async function load({ samples }) {
  if (spawnSync('wrk', ['--version']).error) return { skipped: 'wrk is not here: apt-get install wrk' };
  return withService({ delay: DELAY }, async ({ folder, url }) => {
    const wrk = () => {
      const script = ['--script', join(FIXTURES, 'percentiles.lua')];
      const args = [
        '--threads',
        '1',
        '--connections',
        String(AT_ONCE),
        '--duration',
        `${SECONDS}s`,
        ...script,
      ];
      const { stdout, status } = spawnSync('wrk', [...args, `${url}/health/ready`], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`wrk: ${stdout}`);
      return JSON.parse(stdout.trim().split('\n').at(-1));
    };
    const requests = String(Math.round((SECONDS * 1_000 * AT_ONCE) / DELAY));
    const ours = () =>
      verify(folder, '--only', 'latency', '--samples', requests, '--concurrency', String(AT_ONCE)).probes[0]
        .detail.latency;
    const rounds = Array.from({ length: samples }, () => ({ a: wrk(), b: ours() }));
    const of = name => comparePairs(rounds.map(({ a, b }) => ({ a: a[name], b: b[name] })));
    const compared = { p50: of('p50'), p95: of('p95'), p99: of('p99') };
    const off = name => 1 + Math.abs(compared[name].ratio.median - 1);
    return {
      value: Math.max(off('p50'), off('p95')),
      lines: Object.entries(compared).map(
        ([name, { a, b, ratio }]) =>
          `${name}: wrk ${spread(a, ms)}, verify ${spread(b, ms)}, ratio ${spread(ratio, times)}`,
      ),
      summary: compared,
    };
  });
}

const ENDPOINTS = Array.from({ length: 20 }, (_, i) => `/endpoint/${i}`);

async function many({ samples, note }) {
  let goss;
  try {
    goss = obtain(GOSS, note);
  } catch (error) {
    if (!(error instanceof Unobtainable)) throw error;
    note(error.message);
  }
  const smokes = ENDPOINTS.map(
    (path, i) => `      - {name: e${i}, path: ${path}, expect: {text: '"status":"ok"'}}\n`,
  );
  return withService({ lines: `    smoke:\n${smokes.join('')}` }, async ({ folder, url }) => {
    const checks = ENDPOINTS.map(path => [`${url}${path}`, { status: 200, body: ['"status":"ok"'] }]);
    writeFileSync(join(folder, 'goss.yaml'), JSON.stringify({ http: Object.fromEntries(checks) }));
    const ours = () =>
      time(process.execPath, [AIDEPLOY, 'verify', '--cwd', folder, '--only', 'smoke', '--quiet']);
    const node = await measurePairs(() => time(process.execPath, ['-e', '0']), ours, { samples });
    const others =
      goss &&
      (await measurePairs(() => time(goss, ['--gossfile', join(folder, 'goss.yaml'), 'validate']), ours, {
        samples,
      }));
    return {
      value: node.ratio.median,
      lines: [
        `node -e 0: ${spread(node.a, ms)}`,
        `aideploy verify: ${spread(node.b, ms)}`,
        `ratio: ${spread(node.ratio, times)}`,
        others
          ? `goss ${GOSS.version} validate: ${spread(others.a, ms)}, ratio to it ${spread(others.ratio, times)}`
          : 'goss could not be had',
      ],
      summary: { node, goss: others ?? null },
    };
  });
}

const SAMPLES = 100_000;

const memory = () =>
  withService({}, ({ folder }) => {
    const args = [
      '--cwd',
      folder,
      '--only',
      'latency',
      '--samples',
      String(SAMPLES),
      '--concurrency',
      String(AT_ONCE),
    ];
    const summary = summarise([peakMemory([AIDEPLOY, 'verify', ...args])]);
    return { value: summary.max, lines: [`${SAMPLES} samples: ${mebibytes(summary.max)}`], summary };
  });

export const VERIFY_CASES = [
  {
    id: 'verify-wall',
    title: 'verify: all probes against the slowest of them',
    goal: 1.2,
    show: times,
    measure: wall,
  },
  {
    id: 'verify-load',
    title: 'verify: p50 and p95 against those of wrk',
    goal: 1.05,
    show: percent,
    measure: load,
  },
  {
    id: 'verify-many',
    title: 'verify: 20 endpoints against node -e 0',
    goal: 2.5,
    show: times,
    measure: many,
  },
  {
    id: 'verify-memory',
    title: 'verify: peak memory of 100,000 samples',
    goal: 120,
    show: mebibytes,
    measure: memory,
  },
];
