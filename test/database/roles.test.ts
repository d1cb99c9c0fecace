// roles.sql on an empty database, and what each role may do afterwards.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPostgres } from '../services/postgres.ts';
import { buildGo, cleanUp, run, start } from '../services/programs.ts';
import { createPlace, NAMES, type Place } from './place.ts';

const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/roles.test.ts is skipped: ${missing}`);

const { owner, app, backup } = NAMES;
let bin = '';
beforeAll(async () => {
  if (missing === undefined) bin = await buildGo('go-postgres');
}, 300_000);
afterAll(cleanUp);

/** Whether a role could do it; another error than a refusal is a mistake of the test. */
async function may(place: Place, role: string, sql: string): Promise<boolean> {
  const psql = start([
    'psql',
    '-XAtq',
    '-v',
    'ON_ERROR_STOP=1',
    '-d',
    place.postgres.url(role, 'shop'),
    '-c',
    sql,
  ]);
  if ((await psql.exit) === 0) return true;
  if (
    !/permission denied|must be (?:owner|superuser|member)|cannot execute INSERT in a read-only/.test(
      psql.output(),
    )
  )
    throw new Error(`${role}: ${sql}: ${psql.output()}`);
  return false;
}

describe.skipIf(missing !== undefined)('migrations as the owner, before the service', () => {
  let place: Place;
  beforeAll(async () => {
    place = await createPlace(['migrations: {run: command, command: [/server, migrate]}']);
    for (const _ of ['first', 'again']) {
      const { code, output } = await place.psql('roles.sql', 'postgres');
      expect(code, output).toBe(0);
    }
    await run([join(bin, 'server'), 'migrate'], {
      env: { DATABASE_OWNER_URL: place.postgres.url(owner, 'shop') },
    });
    await place.postgres.sql(
      `SET ROLE ${owner}; CREATE TABLE later (id serial PRIMARY KEY, note text);
       CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42'`,
      'shop',
    );
  }, 120_000);
  afterAll(() => place?.postgres.stop());

  it.each([
    [owner, "INSERT INTO agents (id, hostname) VALUES ('a', 'h')"],
    [owner, 'CREATE SCHEMA billing; DROP SCHEMA billing'],
    [owner, 'CREATE EXTENSION pg_trgm; DROP EXTENSION pg_trgm'],
    [owner, 'ALTER TABLE later ADD COLUMN more text'],
    [owner, 'CREATE INDEX ON later (note)'],
    [owner, 'CREATE TEMPORARY TABLE scratch (a int)'],
    [app, 'SELECT * FROM agents'],
    [app, "INSERT INTO later (note) VALUES ('by a sequence')"],
    [app, "UPDATE later SET note = 'changed'"],
    [app, 'DELETE FROM later'],
    [app, 'SELECT * FROM schema_migrations'],
    [app, 'SELECT answer()'],
    [backup, 'SELECT * FROM agents'],
    [backup, 'SELECT * FROM later'],
    [backup, 'SELECT last_value FROM later_id_seq'],
  ])('%s may %s', async (role, sql) => {
    expect(await may(place, role, sql)).toBe(true);
  });

  it.each([
    [app, 'CREATE TABLE mine (a int)'],
    [app, 'CREATE TEMPORARY TABLE mine (a int)'],
    [app, 'CREATE SCHEMA mine'],
    [app, 'DROP TABLE agents'],
    [app, 'TRUNCATE agents'],
    [app, 'ALTER TABLE agents ADD COLUMN mine text'],
    [app, 'CREATE INDEX ON agents (hostname)'],
    [app, "SELECT setval('later_id_seq', 1)"],
    [app, `SET ROLE ${owner}`],
    [app, 'CREATE ROLE mine'],
    [app, 'CREATE DATABASE mine'],
    [app, "COPY agents TO '/tmp/mine'"],
    [app, `ALTER ROLE ${app} SUPERUSER`],
    [app, 'ALTER DATABASE shop RENAME TO mine'],
    [owner, 'CREATE ROLE mine'],
    [owner, 'CREATE DATABASE mine'],
    [owner, 'DROP DATABASE postgres'],
    [backup, "INSERT INTO later (note) VALUES ('no')"],
    [backup, 'START TRANSACTION READ WRITE; DELETE FROM agents'],
    [backup, 'START TRANSACTION READ WRITE; CREATE TABLE mine (a int)'],
    [backup, 'SELECT answer()'],
    ['stranger', 'SELECT 1'],
  ])('%s may not %s', async (role, sql) => {
    if (role === 'stranger') await place.postgres.sql('CREATE ROLE stranger LOGIN');
    expect(await may(place, role, sql)).toBe(false);
  });

  it('gives back what was granted beyond it', async () => {
    await place.postgres.sql(
      `GRANT CREATE ON SCHEMA public TO PUBLIC; ALTER ROLE ${app} CREATEDB SUPERUSER`,
      'shop',
    );
    expect((await place.psql('check.sql', backup)).output).toMatch(
      /^problem\tnobody but known roles makes tables/m,
    );
    await place.psql('roles.sql', 'postgres');
    expect(await may(place, app, 'CREATE TABLE mine (a int)')).toBe(false);
  });

  it('says to each role that all is well', async () => {
    for (const role of [backup, app, owner]) {
      const { code, output } = await place.psql('check.sql', role);
      expect(output, role).not.toMatch(/^problem/m);
      expect(output).toContain('0002_agents_last_seen');
      expect(code, output).toBe(0);
    }
  });

  it.each([
    [
      'a grant too many',
      `GRANT TRUNCATE ON agents TO ${app}`,
      /problem\tthe service may do no more to them\tTRUNCATE on agents/,
    ],
    [
      'a grant too few',
      `REVOKE DELETE ON agents FROM ${app}`,
      /problem\tthe service may read and write every table\tDELETE on agents/,
    ],
    [
      'a sequence',
      `REVOKE USAGE ON SEQUENCE later_id_seq FROM ${app}`,
      /problem\tthe service may use every sequence\tlater_id_seq/,
    ],
    [
      'an administrator',
      `ALTER ROLE ${app} CREATEROLE`,
      /problem\ta role is no administrator: shop_app\tCREATEROLE/,
    ],
    ['everyone', 'GRANT CONNECT ON DATABASE shop TO PUBLIC', /problem\tnobody but known roles may connect/],
    ['no migrations', 'ALTER TABLE schema_migrations RENAME TO gone', /problem\tmigrations are recorded/],
  ])('check.sql sees %s', async (_, sql, problem) => {
    await place.postgres.sql(sql, 'shop');
    const { code, output } = await place.psql('check.sql', backup);
    expect(output).toMatch(problem);
    expect(code).toBe(3);
    await place.postgres.sql('ALTER TABLE IF EXISTS gone RENAME TO schema_migrations', 'shop');
    await place.postgres.sql(`REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM ${app}`, 'shop');
    await place.psql('roles.sql', 'postgres');
  });

  it('tunes: slow statements of the service, and no parameters in the log', async () => {
    const { code, output } = await place.psql('tuning.sql', 'postgres');
    expect(code, output).toBe(0);
    const settings = start([
      'psql',
      '-XAtq',
      '-d',
      place.postgres.url(app, 'shop'),
      '-c',
      'SHOW log_min_duration_statement',
      '-c',
      'SHOW log_parameter_max_length',
      '-c',
      'SHOW statement_timeout',
    ]);
    await settings.exit;
    expect(settings.output().trim().split('\n')).toEqual(['1s', '0', '1min']);
  });
});

describe.skipIf(missing !== undefined)('migrations by the service itself', () => {
  let place: Place;
  beforeAll(async () => {
    place = await createPlace();
    // An administrator as managed servers give one: no superuser.
    await place.postgres.sql(
      'CREATE ROLE admin LOGIN CREATEROLE CREATEDB; ALTER DATABASE shop OWNER TO admin',
    );
    for (const _ of ['first', 'again']) {
      const { code, output } = await place.psql('roles.sql', 'admin');
      expect(code, output).toBe(0);
    }
    await run([join(bin, 'server'), 'migrate'], {
      env: { DATABASE_OWNER_URL: place.postgres.url(app, 'shop') },
    });
  }, 120_000);
  afterAll(() => place?.postgres.stop());

  it('are the service’s to make, and the backup’s to read', async () => {
    expect(await may(place, app, "INSERT INTO agents (id, hostname) VALUES ('a', 'h')")).toBe(true);
    expect(await may(place, backup, 'SELECT * FROM agents')).toBe(true);
    expect(await may(place, backup, 'START TRANSACTION READ WRITE; DELETE FROM agents')).toBe(false);
    expect((await place.psql('check.sql', app)).output).not.toMatch(/^problem/m);
  });
});

describe.skipIf(missing !== undefined)('passwords', () => {
  let place: Place;
  beforeAll(async () => {
    place = await createPlace();
  });
  afterAll(() => place?.postgres.stop());

  it.each([
    'plain',
    "it's",
    '$(id) `id` $HOME',
    'a\\b\\\\c',
    '"quoted" :colon :\'x\' :"y"',
    'ünï 🚀',
    ' blanks ',
  ])('come from the environment, byte for byte: %s', async password => {
    const { output } = await place.psql('roles.sql', 'postgres', {
      DATABASE_PASSWORD: password,
      DATABASE_OWNER_PASSWORD: `${password}1`,
      DATABASE_BACKUP_PASSWORD: `${password}2`,
    });
    expect(output).toBe('');
    const hba = await place.postgres.sql('SHOW hba_file');
    await withPasswords(place, hba, async () => {
      for (const [role, right] of [
        [app, password],
        [owner, `${password}1`],
        [backup, `${password}2`],
      ] as const) {
        expect(await logsIn(place, role, right), role).toBe(true);
        expect(await logsIn(place, role, `${right}x`), role).toBe(false);
      }
    });
    // One that is not given stays what it is.
    await place.psql('roles.sql', 'postgres');
    await withPasswords(place, hba, async () => expect(await logsIn(place, app, password)).toBe(true));
  });
});

async function logsIn(place: Place, role: string, password: string): Promise<boolean> {
  const psql = start(['psql', '-Xwc', 'SELECT 1', '-d', place.postgres.url(role, 'shop')], {
    env: { PGPASSWORD: password },
  });
  return (await psql.exit) === 0;
}

async function withPasswords(place: Place, hba: string, work: () => Promise<void>): Promise<void> {
  const before = await readFile(hba);
  await writeFile(hba, 'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n');
  await place.postgres.sql('SELECT pg_reload_conf()');
  try {
    await work();
  } finally {
    await writeFile(hba, before);
    await place.postgres.sql('SELECT pg_reload_conf()');
  }
}
