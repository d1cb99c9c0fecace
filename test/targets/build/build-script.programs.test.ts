/** scripts/build.sh at work: in a repository of its own whose path has a space, with real tools. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { buildModel } from '../../../src/model/build.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { build } from '../../../src/targets/build/index.ts';

const CONFIG = `
version: 1
name: shop
services:
  api: {language: go, build: {context: api, main: cmd/server}, port: 8080, health: {live: /, ready: /}}
  web: {language: node, build: {context: web, main: dist/server.js, script: build}, port: 3000, health: {live: /, ready: /}}
  jobs: {language: python, build: {context: jobs, main: app.py}, kind: worker}
targets: {docker: {}}
`;

const SOURCES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules\n__pycache__\n',
  'api/go.mod': 'module example.com/api\n\ngo 1.21\n',
  'api/cmd/server/main.go': [
    'package main',
    'var version, commit, buildTime string',
    'func main() { println(version, commit, buildTime) }',
    '',
  ].join('\n'),
  'web/package.json': JSON.stringify({
    name: 'web',
    version: '1.0.0',
    scripts: { build: 'mkdir -p dist && cp server.js dist', test: 'node --check server.js' },
  }),
  'web/package-lock.json': JSON.stringify({
    name: 'web',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'web', version: '1.0.0' } },
  }),
  'web/server.js': "require('node:http');\n",
  'jobs/requirements.txt': '',
  'jobs/app.py': 'def double(n):\n    return 2 * n\n',
  'jobs/test_app.py':
    'import unittest\nimport app\n\nclass Test(unittest.TestCase):\n    def test(self):\n        self.assertEqual(app.double(2), 4)\n',
};

const TOOLS = ['git', 'go', 'npm', 'python3', 'tar'];
const missing = TOOLS.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
if (missing.length > 0) console.warn(`skipped: scripts/build.sh needs ${missing.join(', ')}`);

const PLATFORM = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
const IDENTITY = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
};

let template = '';
let folder = '';

async function write(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content, { mode });
}

function run(program: string, args: string[], env: Record<string, string> = {}) {
  const { AIDEPLOY_TAG: _, SOURCE_DATE_EPOCH: __, ...inherited } = process.env;
  const result = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...inherited, ...IDENTITY, ...env },
  });
  return { code: result.status, output: `${result.stdout}${result.stderr}` };
}

const script = (...args: string[]) =>
  run('scripts/build.sh', ['--no-image', '--platforms', PLATFORM, ...args]);

const sums = (out: string) => readFile(join(folder, out, 'SHA256SUMS'), 'utf8');

describe.runIf(missing.length === 0)('scripts/build.sh', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'aideploy build '));
    folder = join(template, 'the shop');
    const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(CONFIG)));
    for (const { path, content, mode } of build.render(model, await createEngine()))
      await write(path, content, mode);
    for (const [path, content] of Object.entries(SOURCES)) await write(path, content);
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-qm', 'first'],
      ['tag', 'v1.2.3'],
    ])
      run('git', args);
  });
  afterAll(() => rm(template, { recursive: true }));

  it('passes the gates, and builds the same bytes twice', async () => {
    const first = script();
    expect(first).toMatchObject({ code: 0, output: expect.stringContaining('version v1.2.3') });
    expect(first.output).toMatch(/build\/server-linux-\w+: \d+\.\d MiB/);
    expect(run('git', ['status', '--porcelain']).output).toBe('');

    const listed = await sums('build');
    const names = [`server-${PLATFORM.replace('/', '-')}`, 'shop-web.tar.gz', 'shop-jobs.tar.gz', 'VERSION'];
    expect(
      listed
        .trim()
        .split('\n')
        .map(line => line.split('  ')[1]),
    ).toEqual(names);
    expect((await readdir(join(folder, 'build'))).sort()).toEqual(
      ['.gitignore', 'SHA256SUMS', ...names].sort(),
    );
    for (const line of listed.trim().split('\n')) {
      const [sum, name = ''] = line.split('  ');
      const bytes = await readFile(join(folder, 'build', name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sum);
    }

    expect(await readFile(join(folder, 'build/VERSION'), 'utf8')).toBe('v1.2.3\n');
    expect(script('--no-gates', '--out', '.git/again').code).toBe(0);
    expect(await sums('.git/again')).toBe(listed);
  });

  it('gives the program its version, commit and time', () => {
    const commit = run('git', ['rev-parse', 'HEAD']).output.trim();
    run(
      'scripts/build.sh',
      ['--no-image', '--no-gates', '--only', 'api', '--platforms', PLATFORM, '--tag', 'v9'],
      {
        SOURCE_DATE_EPOCH: '1767225600',
        AIDEPLOY_TAG: 'v8',
      },
    );
    const { output } = run(`build/server-${PLATFORM.replace('/', '-')}`, []);
    expect(output.trim()).toBe(`v9 ${commit} 2026-01-01T00:00:00Z`);
  });

  it('archives what runs: built, and without what only the build needs', () => {
    script('--no-gates');
    const list = (name: string) =>
      run('tar', ['-tzf', `build/${name}`])
        .output.trim()
        .split('\n');
    expect(list('shop-web.tar.gz')).toContain('shop-web-v1.2.3/dist/server.js');
    expect(list('shop-jobs.tar.gz')).toContain('shop-jobs-v1.2.3/app.py');
  });

  it('takes changes along only where it was told to', async () => {
    await write('jobs/app.py', 'def double(n):\n    return n + n\n');
    expect(script()).toMatchObject({ code: 1, output: expect.stringContaining('--skip clean') });
    const dirty = script('--skip', 'clean', '--only', 'jobs');
    expect(dirty).toMatchObject({ code: 0, output: expect.stringContaining('version v1.2.3-dirty') });
    const archived = run('tar', ['-xzOf', 'build/shop-jobs.tar.gz', 'shop-jobs-v1.2.3-dirty/app.py']);
    expect(archived.output).toContain('n + n');

    await write('jobs/app.py', 'def double(n):\n    return 0\n');
    expect(script('--skip', 'clean', '--only', 'jobs')).toMatchObject({ code: 1 });
    run('git', ['checkout', '-q', '.']);
  });

  it('wants the files committed that builds elsewhere need', () => {
    run('git', ['rm', '-q', '--cached', 'web/package-lock.json']);
    const refused = script('--skip', 'clean', '--only', 'web');
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('web/package-lock.json is not committed'),
    });
    run('git', ['reset', '-q', '--hard']);
  });

  it.each([
    [['--tag', 'latest'], 1, 'the tag latest moves'],
    [['--tag', 'a/b'], 1, 'can be no image'],
    [['--only', 'nobody'], 2, 'no service is named nobody'],
    [['--tag'], 2, '--tag needs a value'],
    [['--fast'], 2, 'unknown flag --fast'],
  ])('refuses %j', (args, code, message) => {
    expect(run('scripts/build.sh', args)).toMatchObject({ code, output: expect.stringContaining(message) });
  });

  it('tells its flags and does nothing else', () => {
    const help = run('scripts/build.sh', ['--help']);
    expect(help).toMatchObject({ code: 0, output: expect.stringContaining('--no-gates') });
    expect(help.output).not.toContain('build: ');
  });
});
