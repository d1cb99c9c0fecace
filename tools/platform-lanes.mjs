/**
 * Runs the platform tests in lanes: what shares a platform goes one file after the other, and as many lanes as there are
 * CPUs go beside each other, since most of a deployment is waiting and services under load have to keep their deadlines. Flags are for Vitest's report of all of them; other words choose files.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('../test/platforms/', import.meta.url));
const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/**
 * By the names of files; the first that matches has it, and the longest two begin. No two lanes share a port, a container or
 * an image's name.
 */
const LANES = {
  cluster: /kubernetes/,
  hosts: /systemd|through-nginx|compose-host/,
  windows: /windows/,
  machine: /^(?:nginx|ci-steps|node-versions)/,
  engine: /./,
};

const laneOf = file => Object.keys(LANES).find(lane => LANES[lane].test(file));

/** Resolves with Vitest's exit code. */
function vitest(...args) {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, [VITEST, 'run', ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', reject)
      .on('close', code => resolve(code ?? 1));
  });
}

const flags = process.argv.slice(2).filter(word => word.startsWith('--'));
const words = process.argv.slice(2).filter(word => !word.startsWith('--'));
const files = (await readdir(TESTS))
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => words.length === 0 || words.some(word => join(TESTS, name).includes(word)));

const reports = await mkdtemp(join(tmpdir(), 'aideploy-lanes-'));
try {
  const run = lane =>
    vitest(
      ...['--project', 'platforms', '--reporter=default', '--reporter=blob'],
      `--outputFile.blob=${join(reports, `${lane}.json`)}`,
      ...files.filter(file => laneOf(file) === lane).map(file => join(TESTS, file)),
    );
  const waiting = Object.keys(LANES).filter(lane => files.some(file => laneOf(file) === lane));
  const codes = [];
  const work = async () => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) codes.push(await run(lane));
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  const report = flags.length > 0 ? flags : ['--reporter=dot'];
  process.exitCode = Math.max(await vitest('--merge-reports', reports, ...report), ...codes);
} finally {
  await rm(reports, { recursive: true, force: true });
}
