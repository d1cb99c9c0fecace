// Backup, damage, restore: compared row by row; and whatever goes wrong, the live database is as it was.

import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { missingPostgres } from '../services/postgres.ts';
import { buildGo, cleanUp, run, start } from '../services/programs.ts';
import { contents, databases, filled, forget, NAMES, type Place } from './place.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/restore.test.ts is skipped: ${missing}`);
afterAll(cleanUp);

describe.skipIf(missing !== undefined)('a restore', () => {
  let place: Place;
  let good: string;
  let rows: Record<string, string>;
  beforeAll(async () => {
    const bin = await buildGo('go-postgres');
    place = await filled();
    const owner = { DATABASE_OWNER_URL: place.postgres.url(NAMES.owner, 'shop') };
    await run([join(bin, 'server'), 'migrate'], { env: owner });
    await place.postgres.sql(
      `ALTER DATABASE shop SET search_path = "$user", public, more; ALTER DATABASE shop SET application_name = 'it''s';
       INSERT INTO agents (id, hostname) VALUES ('a', 'h')`,
      'shop',
    );
    good = await place.back(['--reason', 'manual']);
    rows = await contents(place.postgres);
  }, 300_000);
  afterAll(() => place?.postgres.stop());
  beforeEach(async () => {
    for (const name of await databases(place.postgres))
      if (name !== 'shop') await place.postgres.sql(`DROP DATABASE "${name}"`);
  });

  /** What is worth a restore: rows changed, gone and too many, and a table dropped. */
  const damage = () =>
    place.postgres.sql(
      `UPDATE orders SET note = 'overwritten' WHERE id % 3 = 0; DELETE FROM orders WHERE id > 1500;
       INSERT INTO more.orders VALUES (8); DROP TABLE IF EXISTS agents CASCADE; CREATE TABLE IF NOT EXISTS novel (a int)`,
      'shop',
    );

  it('brings back every row, the owner, every privilege and every setting', async () => {
    const privileges = () =>
      place.postgres.sql(
        `SELECT relname, relowner::regrole, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1;
         SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1, 2, 3::text;
         SELECT datdba::regrole, datacl, datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'shop';
         SELECT setrole::regrole, setconfig FROM pg_db_role_setting
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = 'shop') ORDER BY 1, 2`,
        'shop',
      );
    const had = await privileges();
    await damage();
    const damaged = await contents(place.postgres);
    const { code, output } = await place.restore([good, '--yes']);
    expect(code, output).toBe(0);
    expect(await contents(place.postgres)).toEqual(rows);
    expect((await privileges()).split('\n').sort()).toEqual(had.split('\n').sort());
    expect((await place.psql('check.sql', NAMES.app)).output).not.toMatch(/^problem/m);
    // What was there is kept, and dumped too.
    const kept = (await databases(place.postgres)).filter(name => name.startsWith('shop_before_'));
    expect(kept).toHaveLength(1);
    expect(await contents(place.postgres, kept[0])).toEqual(damaged);
    expect(output).toContain(`the former database is ${kept[0]}`);
    expect(await readFile(join(place.backups, `${(await place.names()).at(-1)}.manifest`), 'utf8')).toContain(
      'pre-restore',
    );
    await place.postgres.sql(
      `SET ROLE ${NAMES.app}; INSERT INTO orders (note) VALUES ('next'); DELETE FROM orders WHERE note = 'next'`,
      'shop',
    );
  });

  it('says what would be lost, and does nothing', async () => {
    await damage();
    const before = await contents(place.postgres);
    const { code, output } = await place.restore([good, '--dry-run']);
    expect(code, output).toBe(0);
    expect(output).toMatch(/whatever was written since is lost/);
    expect(output).toContain('"public"."orders": 1500 rows now, 2000 in the backup');
    expect(output).toContain('"more"."orders": 2 rows now, 1 in the backup');
    expect(output).toContain('"public"."agents": not there now, 1 rows in the backup');
    expect(output).toContain('"public"."novel": 0 rows now, no such table in the backup');
    expect(await databases(place.postgres)).toEqual(['shop']);
    expect(await contents(place.postgres)).toEqual(before);
  });

  it('asks first, and takes no silence for a yes', async () => {
    const { code, output } = await place.restore([good]);
    expect(code, output).toBe(2);
    expect(output).toContain('--yes');
    expect(await databases(place.postgres)).toEqual(['shop']);
  });

  it('is rehearsed in a database that is gone afterwards', async () => {
    const before = await contents(place.postgres);
    const { code, output } = await place.run('rehearse.sh');
    expect(code, output).toBe(0);
    expect(output).toMatch(/rehearsed: shop_\w+ can be restored/);
    expect(await databases(place.postgres)).toEqual(['shop']);
    expect(await contents(place.postgres)).toEqual(before);
  });

  it('gets through while clients connect again and again', async () => {
    const url = place.postgres.url(NAMES.app, 'shop');
    const client = start([
      'bash',
      '-c',
      `while :; do psql -Xqc 'SELECT pg_sleep(0.05)' -d '${url}' >/dev/null 2>&1; done`,
    ]);
    const { code, output } = await place.restore([good, '--yes']);
    client.signal('SIGKILL');
    expect(code, output).toBe(0);
    expect(await contents(place.postgres)).toEqual(rows);
  });

  it('makes a database that is gone altogether', async () => {
    await place.postgres.sql('ALTER DATABASE shop RENAME TO shop_gone');
    const { code, output } = await place.restore([good, '--yes']);
    expect(code, output).toBe(0);
    expect(output).toContain('there is no database shop now');
    expect(await contents(place.postgres)).toEqual(rows);
  });

  it('lists what there is, and what of it is damaged', async () => {
    await appendFile(join(place.backups, `${good}.roles.sql`), '-- one more line');
    const { output } = await place.restore(['--list']);
    expect(output).toMatch(new RegExp(`^${good}\\tmanual\\t\\d+ bytes\\t\\d+ rows\\tDAMAGED$`, 'm'));
    const text = await readFile(join(place.backups, `${good}.roles.sql`), 'utf8');
    await writeFile(join(place.backups, `${good}.roles.sql`), text.replace('-- one more line', ''));
    expect((await place.restore(['--list'])).output).toMatch(new RegExp(`^${good}.*sound$`, 'm'));
  });

  describe('that cannot be done leaves the live database as it is', () => {
    const failing: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] = [
      ['an unknown name', ['shop_20200101T000000Z', '--yes'], {}, /has no backup named/],
      ['a path', ['../shop', '--yes'], {}, /is no name of a backup/],
      [
        'pg_restore fails',
        [],
        { pg_restore: 'case "$*" in *--single*) exit 1 ;; esac; exec "$real" "$@"' },
        /could not be restored into/,
      ],
      [
        'pg_restore ends in the middle',
        [],
        {
          pg_restore:
            'case "$*" in *--single*) "$real" "$@" & sleep 0.15; kill -9 $!; exit 137 ;; esac; exec "$real" "$@"',
        },
        /could not be restored into/,
      ],
      [
        'it restores less, and says nothing',
        [],
        { pg_restore: 'case "$*" in *--single*) exec "$real" "$@" --schema-only ;; esac; exec "$real" "$@"' },
        /rows differ after the restore/,
      ],
      [
        'the safety dump fails',
        [],
        { pg_dump: '[ "$1" = --version ] && exec "$real" "$@"; exit 1' },
        /could not be dumped first/,
      ],
      [
        'the client is older than the dump',
        [],
        { pg_restore: '[ "$1" = --version ] && echo "pg_restore (PostgreSQL) 14.1" || exec "$real" "$@"' },
        /pg_restore 14 cannot read what pg_dump 15 wrote/,
      ],
    ];

    it.each(failing)('%s', async (_, args, commands, message) => {
      const before = await contents(place.postgres);
      const path = await place.commands(commands);
      const { code, output } = await place.restore(args.length > 0 ? args : [good, '--yes'], { PATH: path });
      expect(output).toMatch(message);
      expect([1, 2], output).toContain(code);
      expect(output).not.toMatch(/^\S+ restore.sh: restored/m);
      expect(await databases(place.postgres)).toEqual(['shop']);
      expect(await contents(place.postgres)).toEqual(before);
    });

    it.each([
      ['a byte in the middle', 'dump', (text: Buffer) => text.fill('X', 40_000, 40_001)],
      ['its end', 'dump', (text: Buffer) => text.subarray(0, -100)],
      ['everything', 'dump', () => Buffer.alloc(0)],
      [
        'the manifest',
        'manifest',
        (text: Buffer) => Buffer.from(text.toString().replace('\t2000', '\t1999')),
      ],
      ['the roles', 'roles.sql', () => Buffer.from('SELECT 1;\n')],
    ] as const)('a backup that lost or changed %s', async (_, end, change) => {
      const file = join(place.backups, `${good}.${end}`);
      const whole = await readFile(file);
      const before = await contents(place.postgres);
      await writeFile(file, change(Buffer.from(whole)));
      for (const flags of [['--yes'], ['--rehearse'], ['--dry-run']])
        expect(await place.restore([good, ...flags])).toMatchObject({
          code: 1,
          output: expect.stringContaining('is damaged'),
        });
      await rename(file, `${file}.away`);
      expect(await place.restore([good, '--yes'])).toMatchObject({ code: 1 });
      await rm(`${file}.away`);
      await writeFile(file, whole);
      expect(await databases(place.postgres)).toEqual(['shop']);
      expect(await contents(place.postgres)).toEqual(before);
    });

    it.each([
      ['psql', 2],
      ['psql', 8],
      ['psql', 9],
      ['psql', 13],
      ['pg_restore', 2],
      ['pg_restore', 3],
    ])('a kill -9 at %s no. %i, and the next run does it', async (command, nth) => {
      await damage();
      const before = await contents(place.postgres);
      const kill = join(place.state, '..', `restore-${command}-${nth}`);
      const path = await place.commands({
        [command]: `echo x >>"$KILL_FILE.count"; if [ "$(wc -l <"$KILL_FILE.count")" = ${nth} ]; then kill -9 "$(cat "$KILL_FILE")"; exit 137; fi; exec "$real" "$@"`,
      });
      const script = join(place.deploy, 'backup/restore.sh');
      const program = start(
        ['bash', '-c', `echo $$ >"$KILL_FILE"; exec "${script}" ${good} --yes --without-safety-dump`],
        {
          env: { ...place.env, PATH: path, KILL_FILE: kill },
        },
      );
      expect(await program.exit, program.output()).toBe('SIGKILL');
      expect(await databases(place.postgres)).toContain('shop');
      expect(await contents(place.postgres)).toEqual(before);
      const { code, output } = await place.restore([good, '--yes', '--without-safety-dump']);
      expect(code, output).toBe(0);
      expect((await databases(place.postgres)).filter(name => /_restore_/.test(name))).toEqual([]);
      expect(await contents(place.postgres)).toEqual(rows);
    });
  });

  it('is not made from another major version backwards', async () => {
    const file = join(place.backups, `${good}.manifest`);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^server\t15/m, 'server\t17'));
    await run([
      'bash',
      '-c',
      `cd "${place.backups}" && sha256sum ${good}.dump ${good}.roles.sql ${good}.manifest >${good}.sha256`,
    ]);
    expect(await place.restore([good, '--yes'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('the backup is of version 17, the server only of 15'),
    });
    await forget(place);
  });
});
