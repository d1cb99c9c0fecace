import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inFolder } from './measure.mjs';
import { measurePairs, summarise } from './statistics.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const AIDEPLOY = join(ROOT, 'bin/aideploy.js');
const CLUSTER = join(ROOT, 'test/platforms/cluster');
const NAME = 'aideploy-bench';
/** Every pod of the cluster begins with it: it starts at once, and ends when it is told to. */
const IMAGE = '127.0.0.1:5000/pause:1';

const configuration = level => `version: 1
name: ${NAME}
services:
  worker:
    kind: worker
    image: ${IMAGE}
    metrics: false
    scale: {replicas: 2}
    resources: {cpu: {request: 10m, limit: 100m}, memory: {request: 16Mi, limit: 32Mi}}
    env: {LEVEL: ${level}}
targets: {kubernetes: {monitor: false}}
`;

/** `rollback` against `kubectl rollout restart` of the same pods until they serve; undefined where no cluster answers. */
export function measureRollback(samples) {
  const env = clusterThatAnswers();
  return env && inFolder(folder => measureIn(folder, env, samples));
}

async function measureIn(folder, env, samples) {
  const aideploy = (...args) => run(process.execPath, [AIDEPLOY, '--cwd', folder, '--quiet', ...args], env);
  const kubectl = (...args) => run('kubectl', ['--namespace', NAME, ...args], env);
  const workload = `deployment/${NAME}-worker`;
  const release = (tag, level) => {
    writeFileSync(join(folder, 'aideploy.yaml'), configuration(level));
    aideploy('render', 'kubernetes');
    aideploy('deploy', 'kubernetes', '--tag', tag);
  };
  const waits = [];
  let goal = 'v1';
  const ours = () => {
    const back = ['rollback', 'kubernetes', '--to', goal, '--no-verify', '--yes', '--format', 'json'];
    goal = goal === 'v1' ? 'v2' : 'v1';
    const { wall, stdout } = aideploy(...back);
    waits.push(waitIn(JSON.parse(stdout)));
    return wall;
  };
  const theirs = () =>
    kubectl('rollout', 'restart', workload).wall + kubectl('rollout', 'status', workload).wall;
  try {
    release('v1', 'one');
    release('v2', 'two');
    const { a, b } = await measurePairs(ours, theirs, { samples, warmUp: 1 });
    return { ours: a, theirs: b, waits: summarise(waits) };
  } finally {
    kubectl('delete', 'namespace', NAME, '--wait=false');
  }
}

const waitIn = ({ steps }) => steps.find(({ title }) => title.startsWith('wait until')).durationMs;

/** The environment that leads to the cluster of the tests, where it is up. */
function clusterThatAnswers() {
  const { stdout } = spawnSync(CLUSTER, ['env'], { encoding: 'utf8' });
  const lines = (stdout ?? '').matchAll(/^export (\w+)='(.*)'$/gm);
  const env = { ...process.env, ...Object.fromEntries([...lines].map(([, name, value]) => [name, value])) };
  const { status } = spawnSync('kubectl', ['get', '--raw', '/readyz', '--request-timeout', '2s'], { env });
  return status === 0 ? env : undefined;
}

function run(program, args, env) {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${status}\n${stderr}${stdout}`);
  return { wall, stdout };
}
