import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { project, ROOT } from '../../cli/run.ts';

const TABLE = join(ROOT, 'src/targets/github/actions.json');

test('every row of the table is a whole version and a whole commit, in order', async () => {
  const table = JSON.parse(await readFile(TABLE, 'utf8')) as Record<
    string,
    { version: string; commit: string }
  >;
  expect(Object.keys(table)).toEqual(Object.keys(table).toSorted());
  for (const [repository, { version, commit }] of Object.entries(table)) {
    expect(`${repository}@${commit} ${version}`).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} v\d+\.\d+\.\d+$/);
  }
  expect(new Set(Object.values(table).map(({ commit }) => commit)).size).toBe(Object.keys(table).length);
});

const commit = (digit: string): string => digit.repeat(40);

/** What git would be told of a repository that has these tags. */
async function updated(tags: readonly string[], ...flags: string[]) {
  const folder = await project();
  const table = join(folder, 'actions.json');
  await writeFile(table, `{"acme/tool": {"version": "v1.9.0", "commit": "${commit('a')}"}}`);
  await writeFile(join(folder, 'tags'), tags.map(tag => `${tag}\n`).join(''));
  await writeFile(
    join(folder, 'git'),
    `#!/bin/sh\n[ "$*" = 'ls-remote --tags https://github.com/acme/tool' ] || exit 9\ncat '${folder}/tags'\n`,
  );
  await chmod(join(folder, 'git'), 0o755);
  const workflows = join(folder, 'workflows');
  await mkdir(workflows);
  await writeFile(join(workflows, 'ci.yml'), `${use('acme/tool', 'v1.9.0', 'a')}${OTHER}`);
  const env = {
    ...process.env,
    PATH: `${folder}${delimiter}${process.env['PATH']}`,
    ACTIONS_TABLE: table,
    ACTIONS_WORKFLOWS: workflows,
  };
  const answer = await new Promise<{ code: number; stdout: string }>(resolve => {
    execFile(process.execPath, [join(ROOT, 'tools/update-actions.mjs'), ...flags], { env }, (error, stdout) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout }),
    );
  });
  const [rows, workflow] = await Promise.all(
    [table, join(workflows, 'ci.yml')].map(file => readFile(file, 'utf8')),
  );
  return { ...answer, table: rows, workflow };
}

const use = (repository: string, version: string, digit: string) =>
  `      - uses: ${repository}@${commit(digit)} # ${version}\n`;
const OTHER = use('other/tool', 'v3.0.0', '9');

const row = (version: string, digit: string) =>
  `${JSON.stringify({ 'acme/tool': { version, commit: commit(digit) } }, null, 2)}\n`;

describe('npm run actions:update', () => {
  it('takes the newest whole version by number, and the commit of an annotated tag', async () => {
    const { code, stdout, table, workflow } = await updated([
      `${commit('a')}\trefs/tags/v1.9.0`,
      `${commit('b')}\trefs/tags/v1.10.0`,
      `${commit('c')}\trefs/tags/v1.10.0^{}`,
      `${commit('d')}\trefs/tags/v2`,
      `${commit('e')}\trefs/tags/v2.0.0-beta.1`,
    ]);
    expect([code, stdout, table]).toEqual([0, 'acme/tool v1.9.0 -> v1.10.0\n', row('v1.10.0', 'c')]);
    expect(workflow).toBe(`${use('acme/tool', 'v1.10.0', 'c')}${OTHER}`);
  });

  it('only tells with --check, and sees a tag that was moved', async () => {
    const { code, stdout, table, workflow } = await updated([`${commit('f')}\trefs/tags/v1.9.0`], '--check');
    expect([code, stdout]).toEqual([1, `acme/tool v1.9.0 is ${commit('f')}, not ${commit('a')}\n`]);
    expect(table).not.toBe(row('v1.9.0', 'f'));
    expect(workflow).toBe(`${use('acme/tool', 'v1.9.0', 'a')}${OTHER}`);
  });

  it('is content with a table that is right, and fails where there are no versions', async () => {
    expect(await updated([`${commit('a')}\trefs/tags/v1.9.0`], '--check')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect((await updated([`${commit('a')}\trefs/tags/main`])).code).toBe(1);
  });

  it('writes the table as it is written', async () => {
    const folder = await project();
    await cp(TABLE, join(folder, 'actions.json'));
    const table = JSON.parse(await readFile(TABLE, 'utf8')) as Record<
      string,
      { version: string; commit: string }
    >;
    const cases = Object.entries(table).map(
      ([name, { version, commit }]) => `*/${name}) printf '${commit}\\trefs/tags/${version}\\n' ;;`,
    );
    await writeFile(join(folder, 'git'), `#!/bin/sh\ncase $3 in\n${cases.join('\n')}\n*) exit 9 ;;\nesac\n`);
    await chmod(join(folder, 'git'), 0o755);
    const env = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env['PATH']}`,
      ACTIONS_TABLE: join(folder, 'actions.json'),
      ACTIONS_WORKFLOWS: folder,
    };
    await new Promise(resolve =>
      execFile(process.execPath, [join(ROOT, 'tools/update-actions.mjs')], { env }, resolve),
    );
    expect(await readFile(join(folder, 'actions.json'), 'utf8')).toBe(await readFile(TABLE, 'utf8'));
  });
});
