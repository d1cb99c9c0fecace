/** `npm version` with the steps of tools/release.mjs, in a repository of its own; npm's advisories are a stand-in's. */
import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project, ROOT } from '../cli/run.ts';

const CLEAN = { vulnerabilities: {}, metadata: { vulnerabilities: { total: 0 } } };
const FAULTY = { vulnerabilities: { handlebars: {} }, metadata: { vulnerabilities: { total: 2 } } };
const REFUSED = { message: 'audit endpoint returned an error' };

const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n### Added\n- A thing.\n\n## 0.1.0 - 2026-01-01\n\nThe first.\n';
const SOURCE = { type: 'git', url: 'git+https://git.example/a.git' };

interface Surroundings {
  readonly changelog?: string;
  /** What npm's advisories say. */
  readonly audit?: object;
  readonly source?: object | undefined;
}

async function repository({ changelog = CHANGELOG, audit = CLEAN, source = SOURCE }: Surroundings = {}) {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const manifest = {
    name: 'sample',
    version: '0.1.0',
    repository: source,
    scripts: {
      preversion: scripts.preversion,
      version: scripts.version,
      test: 'true',
      'test:programs': 'true',
    },
  };
  const lock = { name: 'sample', version: '0.1.0', lockfileVersion: 3, packages: {} };
  const folder = await project({
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify(lock),
    'CHANGELOG.md': changelog,
  });
  await cp(join(ROOT, 'tools/release.mjs'), join(folder, 'tools/release.mjs'));
  await cp(join(ROOT, '.npmrc'), join(folder, '.npmrc'));
  const real = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const answer = JSON.stringify(audit);
  const programs = await project({
    npm: `#!/bin/sh\nif [ "$1" != audit ]; then exec '${real}' "$@"; fi\ncat <<'END'\n${answer}\nEND\n`,
  });
  await chmod(join(programs, 'npm'), 0o755);
  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH']}` };
  const run = (program: string, ...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
      execFile(program, args, { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  for (const words of ['init -q -b main', 'config user.name A', 'config user.email a@example.com', 'add -A'])
    await run('git', ...words.split(' '));
  await run('git', 'commit', '-qm', 'first');
  const git = async (...args: string[]) => (await run('git', ...args)).stdout.trim();
  const step = (...args: string[]) => run(process.execPath, 'tools/release.mjs', ...args);
  return { folder, run, git, step };
}

describe('npm version', () => {
  it('writes the number, dates the changelog, commits and tags', async () => {
    const { folder, run, git, step } = await repository();
    const { code, stderr } = await run('npm', 'version', 'minor');
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('release:')]);
    const day = new Date().toISOString().slice(0, 10);
    expect(await readFile(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(
      CHANGELOG.replace('## Unreleased\n', `## Unreleased\n\n## 0.2.0 - ${day}\n`),
    );
    expect(await git('log', '-1', '--format=%s')).toBe('Release 0.2.0');
    expect(await git('tag', '--points-at', 'HEAD')).toBe('v0.2.0');
    expect(await git('status', '--porcelain')).toBe('');
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await step('tagged', 'v0.2.0')).toMatchObject({ code: 0, stderr: '' });
    expect((await step('notes')).stdout).toBe('### Added\n- A thing.\n');
  });

  const REFUSALS: [string, Surroundings, (run: Awaited<ReturnType<typeof repository>>) => unknown, RegExp][] =
    [
      [
        'a tree with changes',
        {},
        ({ folder }) => writeFile(join(folder, 'new'), ''),
        /the tree is not clean/,
      ],
      [
        'another branch',
        {},
        ({ git }) => git('checkout', '-qb', 'topic'),
        /this is topic; releases are made of main/,
      ],
      [
        'a changelog with nothing new',
        { changelog: '# Changelog\n\n## Unreleased\n' },
        () => {},
        /says nothing under/,
      ],
      ['a known fault', { audit: FAULTY }, () => {}, /npm audit: 2 known faults in handlebars/],
      [
        'advisories that give no answer',
        { audit: REFUSED },
        () => {},
        /npm audit gave no answer: audit endpoint/,
      ],
      ['a package without a repository', { source: {} }, () => {}, /names no repository/],
    ];
  it.each(REFUSALS)('refuses %s', async (_, surroundings, change, said) => {
    const made = await repository(surroundings);
    await change(made);
    expect(await made.step('check')).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
    expect((await made.run('npm', 'version', 'patch')).code).not.toBe(0);
    expect(await made.git('tag')).toBe('');
    expect(JSON.parse(await readFile(join(made.folder, 'package.json'), 'utf8')).version).toBe('0.1.0');
  });
});

describe('the tag of a release', () => {
  it('says what it does not fit', async () => {
    const { folder, git, step } = await repository({ changelog: '# Changelog\n\n## Unreleased\n' });
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await writeFile(join(folder, 'new'), '');
    await git('add', 'new');
    await git('commit', '-qm', 'second');
    const { code, stderr } = await step('tagged', 'v9.9.9');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      'release: the tag is v9.9.9, and package.json says 0.1.0',
      'release: CHANGELOG.md says nothing of 0.1.0',
      'release: the commit is not on main',
    ]);
    expect(await step('notes')).toMatchObject({ code: 1, stdout: '' });
  });

  it('is asked by name', async () => {
    const { step } = await repository();
    expect(await step('toString')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^release: usage/),
    });
  });
});
