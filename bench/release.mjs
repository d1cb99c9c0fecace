import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inFolder } from './measure.mjs';
import { measureRollback } from './rollback-kubernetes.mjs';
import { summarise } from './statistics.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const AIDEPLOY = join(ROOT, 'bin/aideploy.js');
const UNIT = 'sample-chat';
const PORT = 39_187;

const ms = value => `${value.toFixed(0)} ms`;
const spread = ({ median, quartiles }, show) => `${show(median)} (${quartiles.map(show).join(' … ')})`;

const CONFIGURATION = `version: 1
name: ${UNIT}
services:
  api:
    language: node
    build: {main: src/server.js}
    port: ${PORT}
    metrics: {path: /metrics}
    health: {live: /health/live, ready: /health/ready}
    timeouts: {drain: 65s}
    env: {PORT: "\${port}"}
`;

/** The document of a command, and how long it took from its start to its end. */
function aideploy(cwd, ...args) {
  const start = process.hrtime.bigint();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [AIDEPLOY, ...args, '--format', 'json', '--quiet'],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`aideploy ${args.join(' ')}: exit code ${status}\n${stderr}${stdout}`);
  return { wall, ...JSON.parse(stdout) };
}

/** What the platform did: a process that ends, one that starts, and the wait until it is ready. */
const ofPlatform = ({ steps }) =>
  steps
    .filter(({ title }) => /^(?:start|wait)/.test(title))
    .reduce((sum, { durationMs }) => sum + durationMs, 0);

const rollback = ({ samples }) =>
  inFolder(folder => {
    cpSync(join(ROOT, 'templates/demo'), folder, { recursive: true });
    writeFileSync(join(folder, 'aideploy.yaml'), CONFIGURATION);
    try {
      const runs = Array.from({ length: Math.ceil(samples / 2) }, (_, i) => {
        aideploy(folder, 'deploy', 'process', '--tag', `1.0.${2 * i}`);
        aideploy(folder, 'deploy', 'process', '--tag', `1.0.${2 * i + 1}`);
        return aideploy(folder, 'rollback', 'process', '--no-verify');
      });
      const ours = summarise(runs.map(run => run.wall - ofPlatform(run)));
      const whole = summarise(runs.map(run => run.wall));
      return {
        value: ours.median,
        lines: [
          `rollback, from its start to its end: ${spread(whole, ms)}`,
          `of it ours: ${spread(ours, ms)}`,
        ],
        summary: { whole, ours },
      };
    } finally {
      end(folder);
    }
  });

async function rollbackInCluster({ samples }) {
  const measured = await measureRollback(Math.ceil(samples / 4));
  if (!measured) return { skipped: 'no cluster answers: test/platforms/cluster up' };
  const { ours, theirs, waits } = measured;
  return {
    value: ours.median - theirs.median,
    lines: [
      `rollback of two pods, from its start to its end: ${spread(ours, ms)}`,
      `of it until they serve: ${spread(waits, ms)}`,
      `kubectl rollout restart and status: ${spread(theirs, ms)}`,
    ],
    summary: measured,
  };
}

/** What was started runs on by itself, and is ended by its number. */
function end(folder) {
  const [pid] = readFileSync(join(folder, '.aideploy/process', `${UNIT}.pid`), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
}

export const RELEASE_CASES = [
  {
    id: 'rollback',
    title: 'rollback: what is ours beyond the platform’s own work',
    goal: 1_000,
    show: ms,
    measure: rollback,
  },
  {
    id: 'rollback-kubernetes',
    title: 'rollback in a cluster: what is ours beyond kubectl rollout restart of the same pods',
    goal: 1_000,
    show: ms,
    measure: rollbackInCluster,
  },
];
