// What no fault may do to the backups that are there: fail in silence, or cost a good one.

import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPostgres } from '../services/postgres.ts';
import { cleanUp, start, until } from '../services/programs.ts';
import { at, digests, filled, metricsOf, NAMES, type Place } from './place.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/faults.test.ts is skipped: ${missing}`);
afterAll(cleanUp);
const deep = process.env['AIDEPLOY_DEEP'] === '1';

describe.skipIf(missing !== undefined)('a fault', () => {
  let place: Place;
  let good: string;
  let before: string;
  beforeAll(async () => {
    place = await filled([], ['keepDays: 1', 'keepAtLeast: 1']);
    await at(place, '-30 days');
    good = (await place.names())[0] ?? '';
    before = await digests(place);
  }, 60_000);
  afterAll(() => place?.postgres.stop());

  const dumping = '[ "$1" != --version ] || exec "$real" "$@"\n';
  const FAULTS: readonly (readonly [string, Record<string, string>, RegExp])[] = [
    ['pg_dump fails at once', { pg_dump: `${dumping}exit 1` }, /no backup was made/],
    [
      'pg_dump fails in the middle',
      { pg_dump: `${dumping}"$real" "$@" | head -c 20000; exit 1` },
      /no backup was made/,
    ],
    [
      'pg_dump is killed',
      { pg_dump: `${dumping}"$real" "$@" | head -c 20000; kill -9 $$` },
      /no backup was made/,
    ],
    [
      'a dump is cut short and nothing said',
      { pg_dump: `${dumping}"$real" "$@" | head -c 60000` },
      /cannot be read to its end|no table of contents/,
    ],
    [
      'a dump lacks its last byte',
      { pg_dump: `${dumping}"$real" "$@" | head -c -1` },
      /cannot be read to its end/,
    ],
    ['a dump is empty', { pg_dump: `${dumping}exit 0` }, /no table of contents/],
    [
      'a dump has a wrong byte',
      {
        pg_dump: `${dumping}f=$(mktemp); "$real" "$@" >$f; printf X | dd of=$f bs=1 seek=50000 conv=notrunc status=none; cat $f; rm $f`,
      },
      /cannot be read to its end/,
    ],
    ['a dump has no rows', { pg_dump: `${dumping}exec "$real" "$@" --schema-only` }, /the dump lacks/],
    [
      'a dump lacks a table',
      { pg_dump: `${dumping}exec "$real" "$@" --exclude-table more.orders` },
      /the dump lacks "more"."orders"/,
    ],
    ['the roles cannot be read', { pg_dumpall: 'exit 1' }, /no backup was made/],
    ['the roles are empty', { pg_dumpall: 'exit 0' }, /the roles could not be read/],
    ['reading back fails', { pg_restore: 'exit 1' }, /no table of contents/],
    [
      'the client is older than the server',
      { pg_dump: '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 14.9" || exec "$real" "$@"' },
      /pg_dump 14 cannot read a server of version 15: install postgresql-client-15/,
    ],
    [
      'the disk has no room',
      { df: 'echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "x 100 90 10 90% /"' },
      /10240 bytes left and a backup needs about/,
    ],
    [
      'what was written is not what is read',
      { sync: 'echo x >>"$(ls *.dump)" 2>/dev/null || true' },
      /is not what was written/,
    ],
  ];

  it.each(FAULTS)('is told, and costs no good backup: %s', async (_, commands, message) => {
    const { code, output } = await place.run('backup.sh', [], { PATH: await place.commands(commands) });
    expect(output).toMatch(message);
    expect(code, output).toBe(1);
    expect(output).not.toContain('read back and checked');
    expect(await metricsOf(place)).toMatchObject({ last_run_succeeded: 0 });
    expect((await metricsOf(place))['last_success_timestamp_seconds']).toBeLessThan(
      Date.now() / 1000 - 86_400,
    );
    expect(await digests(place)).toContain(before);
    expect((await readdir(place.backups)).filter(name => name.startsWith('.partial'))).toEqual([]);
    await onlyThe(place, good);
  });

  it('is told: a wrong password, and the password is not', async () => {
    const hba = await place.postgres.sql('SHOW hba_file');
    const trust = await readFile(hba);
    await writeFile(hba, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
    await place.postgres.sql(`ALTER ROLE ${NAMES.backup} PASSWORD 'right one'`);
    await reloaded(place);
    const pgpass = place.env['PGPASSFILE'] ?? '';
    await writeFile(pgpass, `127.0.0.1:${place.port}:*:${NAMES.backup}:wrong one\n`, { mode: 0o600 });
    const wrong = await place.run('backup.sh');
    expect(wrong).toMatchObject({
      code: 1,
      output: expect.stringMatching(/password authentication failed[\s\S]*cannot be reached/),
    });
    expect(wrong.output).not.toContain('wrong one');
    await rm(pgpass);
    expect(await place.run('backup.sh')).toMatchObject({
      code: 1,
      output: expect.stringContaining('no password supplied'),
    });
    await writeFile(pgpass, `127.0.0.1:${place.port}:*:${NAMES.backup}:right one\n`, { mode: 0o600 });
    const right = await place.run('backup.sh', ['--reason', 'manual']);
    expect(right.code, right.output).toBe(0);
    await writeFile(hba, trust);
    await reloaded(place);
    await onlyThe(place, good);
  });

  it('is told: the server is away', async () => {
    const { code, output } = await place.run('backup.sh', [], { BACKUP_PORT: '1' });
    expect(code, output).toBe(1);
    expect(await digests(place)).toContain(before);
  });

  // Each command, killed together with the script itself before or after it has done its work.
  const KILLS = [
    ...[
      'psql',
      'pg_dump',
      'pg_dumpall',
      'pg_restore',
      'sha256sum',
      'sync',
      'df',
      'mktemp',
      'awk',
      'comm',
    ].flatMap(command => [[command, 1, 'before'] as const, [command, 1, 'after'] as const]),
    ...[1, 2, 3, 4].flatMap(nth => [['mv', nth, 'before'] as const, ['mv', nth, 'after'] as const]),
    ['pg_restore', 2, 'after'] as const,
    ['psql', 4, 'before'] as const,
    ['sha256sum', 3, 'before'] as const,
  ];

  const SAMPLE = KILLS.filter(
    ([command, , when]) => /^(?:psql|pg_dump|pg_restore|sync|mv)$/.test(command) || when === 'before',
  );

  it.each(deep ? KILLS : SAMPLE)(
    'leaves every good backup, and no bad one: SIGKILL at %s no. %i, %s',
    async (command, nth, when) => {
      const path = await place.commands({
        [command]: [
          'count="$KILL_FILE.$(basename "$0")"; echo x >>"$count"',
          `if [ "$(wc -l <"$count")" = ${nth} ]; then`,
          when === 'after' ? '  "$real" "$@"' : '  :',
          '  kill -9 "$(cat "$KILL_FILE")"; exit 137',
          'fi',
          'exec "$real" "$@"',
        ].join('\n'),
      });
      const kill = join(place.state, '..', `kill-${command}-${nth}-${when}`);
      const program = start(
        ['bash', '-c', `echo $$ >"$KILL_FILE"; exec "${join(place.deploy, 'backup/backup.sh')}"`],
        {
          env: { ...place.env, PATH: path, KILL_FILE: kill },
        },
      );
      const ending = await program.exit;
      expect(['SIGKILL', 137], program.output()).toContain(ending);
      expect(program.output()).not.toContain('read back and checked');
      expect(await digests(place)).toContain(before);
      for (const name of await place.names())
        execFileSync('sha256sum', ['--check', '--status', `${name}.sha256`], { cwd: place.backups });
      // What was left behind is in nobody's way.
      await until(
        async () => (await place.run('backup.sh', ['--reason', 'manual'])).code === 0,
        'the next backup',
      );
      expect((await readdir(place.backups)).filter(name => name.startsWith('.partial'))).toEqual([]);
      await onlyThe(place, good);
    },
  );
});

/** Who is let in changes a moment after the server was told. */
async function reloaded({ postgres }: Place): Promise<void> {
  const loaded = () => postgres.sql('SELECT pg_conf_load_time()');
  const before = await loaded();
  await postgres.sql('SELECT pg_reload_conf()');
  await until(async () => (await loaded()) !== before, 'the server to read its configuration');
}

/** Back to the one old backup. */
async function onlyThe(place: Place, good: string): Promise<void> {
  for (const name of await readdir(place.backups))
    if (name.startsWith('shop_') && !name.startsWith(good)) await rm(join(place.backups, name));
}

describe.skipIf(missing !== undefined || process.getuid?.() !== 0)('a disk that gets full', () => {
  let place: Place;
  beforeAll(async () => {
    place = await filled([], ['keepDays: 1', 'keepAtLeast: 1']);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k,mode=700', 'tmpfs', place.backups]);
  }, 60_000);
  afterAll(async () => {
    execFileSync('umount', [place.backups]);
    await place.postgres.stop();
  });

  it('costs no good backup, and the next one is made when there is room again', async () => {
    await at(place, '-30 days');
    const before = await digests(place);
    const ballast = join(place.backups, 'ballast');
    // df is made to promise room, so that it is the writing that fails.
    const path = await place.commands({
      df: 'echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "x 9 9 99999999 1% /"',
    });
    for (const free of [0, 40_000, 150_000]) {
      execFileSync('bash', [
        '-c',
        `dd if=/dev/zero of="${ballast}" bs=1k status=none 2>/dev/null; truncate -s -${free} "${ballast}"`,
      ]);
      const { code, output } = await place.run('backup.sh', [], { PATH: path });
      expect(code, output).toBe(1);
      expect(output).toMatch(/No space left/);
      expect(await digests(place)).toBe(before);
      await rm(ballast);
    }
    execFileSync('mount', ['-o', 'remount,size=8m', place.backups]);
    const { code, output } = await place.run('backup.sh');
    expect(code, output).toBe(0);
  });
});
