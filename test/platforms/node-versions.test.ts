/** The packed program, installed in an empty folder without a dependency, under every Node it is for. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { project, projectFrom, ROOT, read } from '../cli/run.ts';

const run = promisify(execFile);
const CACHE = join(
  process.env['AIDEPLOY_TESTBED'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'aideploy-testbed'),
  'nodes',
);

/** The npm package `node` ships the real program of each version. */
async function nodeOf(major: number): Promise<string> {
  const folder = join(CACHE, String(major));
  const program = join(folder, 'node_modules/node/bin/node');
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true });
    await run('npm', [
      'install',
      '--prefix',
      folder,
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      `node@${major}`,
    ]);
  }
  return program;
}

let bin: string;
beforeAll(async () => {
  const folder = await project({ 'package.json': '{"private": true}' });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename)], { cwd: folder });
  const { stdout: tree } = await run('npm', ['ls', '--all', '--json'], { cwd: folder });
  expect(Object.keys(JSON.parse(tree).dependencies.aideploy.dependencies ?? {})).toEqual([]);
  bin = join(folder, 'node_modules/aideploy/bin/aideploy.js');
});

describe.each([20, 22, 24, 26])('Node %i', major => {
  let node: string;
  beforeAll(async () => {
    node = await nodeOf(major);
    const { stdout } = await run(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  it('detects, renders, merges and shows the demo', async () => {
    const folder = await projectFrom('test/services/python');
    const env = { ...process.env, CI: 'true' };
    await run(node, [bin, 'init', '--yes'], { cwd: folder, env });
    await run(node, [bin, 'render'], { cwd: folder, env });
    await run(node, [bin, 'render', '--check'], { cwd: folder, env });
    expect(await read(folder, 'docker/api.Dockerfile')).toContain('FROM ${BUILD_IMAGE} AS build');
    const { stdout } = await run(node, [bin, 'demo', '--format', 'json'], {
      cwd: folder,
      env: { ...env, TMPDIR: folder },
    });
    const { steps } = JSON.parse(stdout) as { steps: { output: string }[] };
    expect(steps.at(-1)?.output).toMatch(/2\.0\.0 {2}failed[\s\S]*\* {2}1\.0\.0 {2}verified/);
  });
});
