/** The packed program, installed in an empty folder without a dependency, under every Node it is for. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { endProcesses } from '../../src/release/strategies/process/index.ts';
import { project, projectFrom, ROOT, read } from '../cli/run.ts';
import { freePort } from '../services/ports.ts';

const run = promisify(execFile);
const CACHE = join(
  process.env['AIDEPLOY_TESTBED'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'aideploy-testbed'),
  'nodes',
);

/** The npm package `node` ships the real program of each version. */
async function nodeOf(version: string): Promise<string> {
  const folder = join(CACHE, version);
  const program = join(folder, 'node_modules/node/bin/node');
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock'];
    await run('npm', ['install', '--prefix', folder, ...quiet, `node@${version}`]);
  }
  return program;
}

let bin: string;
beforeAll(async () => {
  const folder = await project({ 'package.json': '{"private": true}' });
  // What is built is there; building it again would take it away from the tests beside this one for a moment.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: ROOT });
  const [packed] = Object.values<{ filename: string }>(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
  const tarball = join(folder, packed?.filename ?? '');
  await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder });
  const { stdout: tree } = await run('npm', ['ls', '--all', '--json'], { cwd: folder });
  expect(Object.keys(JSON.parse(tree).dependencies.aideploy.dependencies ?? {})).toEqual([]);
  bin = join(folder, 'node_modules/aideploy/bin/aideploy.js');
});

/** A folder with what `source` holds, and the installed program in it under this Node. */
async function workplace(node: string, source?: string) {
  const folder = await (source ? projectFrom(source) : project());
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', TMPDIR: folder };
  const aideploy = async (words: string) =>
    (await run(node, [bin, ...words.split(' ')], { cwd: folder, env, maxBuffer: 16 * 1024 ** 2 })).stdout;
  return { folder, aideploy };
}

// The oldest that is promised, and the newest of each line after it. One after the other: streams are measured.
describe.each(['20.19.0', '22', '24', '26'])('Node %s', version => {
  let node: string;
  beforeAll(async () => {
    node = await nodeOf(version);
    const { stdout } = await run(node, ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${version.replaceAll('.', '\\.')}\\b`));
  });

  it('detects, renders and merges', async () => {
    const { folder, aideploy } = await workplace(node, 'test/services/python');
    await aideploy('init --yes');
    await aideploy('render');
    expect(await aideploy('render --check')).toMatch(/^0 of \d+ files would change/);
    expect(await read(folder, 'docker/api.Dockerfile')).toContain('FROM ${BUILD_IMAGE} AS build');
  });

  it('checks, deploys, verifies and goes back', async ({ onTestFinished }) => {
    const { folder, aideploy } = await workplace(node, 'templates/demo');
    const port = await freePort();
    onTestFinished(() => endProcesses(folder, ['sample-chat'], 2_000));
    await aideploy(`init --yes --set services.api.port=${port}`);
    await aideploy('render');
    expect(await aideploy('check')).toMatch(/: 0 errors, 0 warnings/);
    await aideploy('deploy process --tag 1.0.0');
    await aideploy('deploy process --tag 2.0.0');
    const address = `http://127.0.0.1:${port}`;
    expect(
      await aideploy(`verify --url ${address} --expect-version 2.0.0 --skip stream --report report.html`),
    ).toMatch(/^pass /m);
    expect(await read(folder, 'report.html')).toMatch(/^<!doctype html>/i);
    expect(await aideploy('rollback process --yes')).toContain('1.0.0 runs, and was seen to work');
    expect(await (await fetch(`${address}/version`)).text()).toContain('1.0.0');
    expect(await aideploy('releases --platform process')).toMatch(/^\* {2}1\.0\.0 {2}verified/m);
  });

  it('shows the demo', async () => {
    const { aideploy } = await workplace(node);
    const { steps } = JSON.parse(await aideploy('demo --format json')) as { steps: { output: string }[] };
    expect(steps.at(-1)?.output).toMatch(/2\.0\.0 {2}failed[\s\S]*\* {2}1\.0\.0 {2}verified/);
  });

  it('completes, explains and says its schema', async () => {
    const { folder, aideploy } = await workplace(node, 'templates/demo');
    await writeFile(join(folder, 'completion.bash'), await aideploy('completion bash'));
    await run('bash', ['-n', join(folder, 'completion.bash')]);
    expect(await aideploy('explain cross/stream-outlives-proxy')).toContain('Not so:');
    expect(JSON.parse(await aideploy('schema'))).toHaveProperty('$schema');
    expect(await aideploy('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

it('says so where Node is too old', async () => {
  const node = await nodeOf('18');
  const answer = run(node, [bin, 'render', '--help']);
  await expect(answer).rejects.toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^aideploy: Node 20\.19 or later is needed; this is v18\.\d+\.\d+\n$/),
  });
});
