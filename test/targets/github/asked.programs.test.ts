/** What commits and people say of a deploy, read by the rendered script from real histories. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Runner, runner } from './runner.ts';

let on: Runner;

describe('asked.sh', () => {
  /** Commits one after the other, each with its message; what they are called by git. */
  async function history(...messages: readonly string[]): Promise<string[]> {
    await on.git('init', '-q', '-b', 'main');
    const commits: string[] = [];
    for (const message of messages) {
      await mkdir(join(on.folder, 'migrations'), { recursive: true });
      const touched = message.startsWith('migrate') ? 'migrations/1.sql' : 'readme';
      await writeFile(join(on.folder, touched), String(commits.length));
      await on.git('add', 'migrations', 'readme');
      await on.git('commit', '-q', '-m', message);
      commits.push((await on.git('rev-parse', 'HEAD')).stdout.trim());
    }
    return commits;
  }

  const ask = async (releases: readonly object[], env: Record<string, string> = {}) => {
    await writeFile(join(on.programs, 'releases.json'), JSON.stringify({ version: 1, releases }));
    return on.run('.github/scripts/asked.sh', [join(on.programs, 'releases.json')], env);
  };
  const verified = (commit: string | null | undefined) => ({
    id: 'v1',
    status: 'verified',
    commit,
    current: true,
  });
  const MIGRATES = { MIGRATES: 'true' };

  beforeEach(async () => {
    on = await runner('full');
  });

  it.each<[string, readonly string[], Record<string, string>, string, string]>([
    ['nothing', ['one', 'two'], {}, '', 'v1'],
    ['nothing, where there are migrations', ['one', 'two'], MIGRATES, '', 'v1'],
    ['a commit', ['one', 'two\n\nMigration: expand'], MIGRATES, '--migration expand', 'v1'],
    [
      'a commit in another spelling',
      ['one', 'two\n\nmigration:   Expand  '],
      MIGRATES,
      '--migration expand',
      'v1',
    ],
    [
      'among other trailers',
      ['one', 'two\n\nMigration: expand\nSigned-off-by: a <a@b>'],
      MIGRATES,
      '--migration expand',
      'v1',
    ],
    [
      'a commit before the last',
      ['one', 'two\n\nMigration: expand', 'three'],
      MIGRATES,
      '--migration expand',
      'v1',
    ],
    [
      'a commit that is deployed already',
      ['one\n\nMigration: expand\nRollback: no', 'two'],
      MIGRATES,
      '',
      'v1',
    ],
    [
      'two commits: the stricter',
      ['one', 'two\n\nMigration: contract', 'three\n\nMigration: expand'],
      MIGRATES,
      '--migration contract',
      'v1',
    ],
    [
      'no way back',
      ['one', 'two\n\nMigration: contract\nRollback: no'],
      MIGRATES,
      '--migration contract --no-rollback',
      '',
    ],
    ['no way back, where there are no migrations', ['one', 'two\n\nRollback: no'], {}, '--no-rollback', ''],
    ['a commit, where there are no migrations', ['one', 'two\n\nMigration: expand'], {}, '', 'v1'],
    ['no trailer, but a sentence', ['one', 'two\n\nMigration: expand it\n\nThen more.'], MIGRATES, '', 'v1'],
    [
      'who started it',
      ['one', 'two\n\nMigration: contract'],
      { ...MIGRATES, MIGRATION: 'expand' },
      '--migration expand',
      'v1',
    ],
    [
      'who started it, that commits do',
      ['one', 'two\n\nMigration: contract'],
      { ...MIGRATES, MIGRATION: 'as the commits say' },
      '--migration contract',
      'v1',
    ],
    ['who started it, no way back', ['one', 'two'], { FORWARD: 'true' }, '--no-rollback', ''],
    ['who started it, a way back', ['one', 'two'], { FORWARD: 'false' }, '', 'v1'],
    [
      'the variable',
      ['one', 'migrate'],
      { ...MIGRATES, MIGRATION_FILES: 'migrations', MIGRATION_DEFAULT: 'contract' },
      '--migration contract',
      'v1',
    ],
    [
      'a commit rather than the variable',
      ['one', 'two\n\nMigration: expand'],
      { ...MIGRATES, MIGRATION_DEFAULT: 'contract' },
      '--migration expand',
      'v1',
    ],
    [
      'that no migration changed',
      ['migrate', 'two'],
      { ...MIGRATES, MIGRATION_FILES: 'migrations', MIGRATION_DEFAULT: 'contract' },
      '--migration expand',
      'v1',
    ],
    [
      'that a migration changed',
      ['one', 'migrate'],
      { ...MIGRATES, MIGRATION_FILES: 'migrations' },
      '',
      'v1',
    ],
  ])('%s says how', async (_, messages, env, flags, back) => {
    const [first] = await history(...messages);
    const { code, stdout, stderr } = await ask(
      [{ id: 'v0', status: 'superseded', commit: null }, verified(first)],
      env,
    );
    expect([code, stdout, stderr]).toEqual([0, `flags=${flags}\nback=${back}\n`, '']);
  });

  it('reads from the release that was seen to work, not from one that failed after it', async () => {
    const [first, second] = await history('one', 'two\n\nMigration: contract\nRollback: no', 'three');
    const failed = { id: 'v2', status: 'failed', commit: second, current: true };
    const { stdout } = await ask([verified(first), failed], MIGRATES);
    expect(stdout).toBe('flags=--migration contract --no-rollback\nback=\n');
  });

  it.each<[string, readonly object[], string]>([
    ['there is no release yet', [], ''],
    ['none was verified', [{ id: 'v1', status: 'failed', commit: null }], ''],
    ['nobody knows its commit', [verified(null)], 'v1'],
    [
      'its commit is not in the history any more',
      [verified('0123456789012345678901234567890123456789')],
      'v1',
    ],
  ])('reads the last commit alone where %s', async (_, releases, back) => {
    await history('one\n\nMigration: contract', 'two\n\nMigration: expand');
    const env = { ...MIGRATES, MIGRATION_FILES: 'migrations' };
    expect((await ask(releases, env)).stdout).toBe(`flags=--migration expand\nback=${back}\n`);
  });

  it('warns of a word that says nothing, and lets the deploy decide', async () => {
    const [first] = await history('one', 'two\n\nMigration: yes');
    const { code, stdout, stderr } = await ask([verified(first)], MIGRATES);
    expect([code, stdout]).toEqual([0, 'flags=\nback=v1\n']);
    expect(stderr).toMatch(/^::warning::Migration: yes .*: contract expand\n$/);
  });
});
