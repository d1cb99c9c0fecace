/** `verify` against a real PostgreSQL, with real roles, certificates and backups: good, and broken one way after the other. */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../services/ports.ts';
import { cleanUp } from '../services/programs.ts';
import { look, told } from '../verify/look.ts';
import { createPlace, NAMES, type Place } from './place.ts';

const { app, owner, database } = NAMES;
const PASSWORD = 'pa/ss w@rd%';
const PROBES = ['database-connection', 'database-migrations', 'database-privileges'];

let place: Place;
let folder: string;
const sql = (statements: string, where: string = database) => place.postgres.sql(statements, where);

beforeAll(async () => {
  place = await createPlace();
  folder = dirname(place.deploy);
  const made = await place.psql('roles.sql', 'postgres', { DATABASE_PASSWORD: PASSWORD });
  expect(made.code, made.output).toBe(0);
  await sql(`SET ROLE ${owner}; CREATE TABLE notes (id serial PRIMARY KEY, note text);
    CREATE TABLE schema_migrations (version text PRIMARY KEY); INSERT INTO schema_migrations VALUES ('0001'), ('0002')`);
  // Rendered for a service that migrates itself; here its owner does.
  await sql(`REVOKE CREATE ON SCHEMA public FROM ${app}`);
  await mkdir(join(folder, 'migrations'));
  for (const name of ['0001_notes.up.sql', '0001_notes.down.sql', '0002_more.up.sql'])
    await writeFile(join(folder, 'migrations', name), '');
  await encrypt();
});

afterAll(async () => {
  await place?.postgres.stop();
  await cleanUp();
});

/** Passwords and TLS, as a server elsewhere asks for them; the authority is a file of the test. */
async function encrypt(): Promise<void> {
  const data = await sql('SHOW data_directory', 'postgres');
  const file = (name: string) => join(data, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const ca = join(folder, 'ca');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
    '-keyout',
    `${ca}.key`,
    '-out',
    `${ca}.pem`,
  );
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    file('server.key'),
    '-out',
    `${ca}.csr`,
  );
  await writeFile(`${ca}.ext`, 'subjectAltName=DNS:localhost');
  openssl(
    'x509',
    '-req',
    '-in',
    `${ca}.csr`,
    '-CA',
    `${ca}.pem`,
    '-CAkey',
    `${ca}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    `${ca}.ext`,
    '-out',
    file('server.crt'),
  );
  execFileSync('chmod', ['600', file('server.key')]);
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres:', file('server.key'), file('server.crt')]);
  await writeFile(
    await sql('SHOW hba_file', 'postgres'),
    `local all all trust\nhost all postgres,${owner},${NAMES.backup} 127.0.0.1/32 trust\nhostssl all ${app} all scram-sha-256\nhostnossl all ${app} all reject\n`,
  );
  await sql("ALTER SYSTEM SET ssl = 'on'", 'postgres');
  await sql('SELECT pg_reload_conf()', 'postgres');
}

interface Change {
  readonly database?: object;
  readonly env?: Record<string, string>;
}

const configOf = (change: Change = {}) => ({
  version: 1,
  name: 'shop',
  services: {
    api: {
      language: 'go',
      port: 8080,
      health: { live: '/live', ready: '/ready' },
      secrets: [{ name: 'DATABASE_URL', from: 'database' }],
      dependsOn: ['db'],
    },
  },
  database: {
    version: Number.parseInt(version, 10).toString(),
    host: 'localhost',
    port: place.port,
    name: database,
    user: app,
    owner,
    tls: 'verify-full',
    ca: join(folder, 'ca.pem'),
    migrations: { run: 'command', command: ['/server', 'migrate'], files: 'migrations' },
    backup: { dir: place.backups },
    ...change.database,
  },
  targets: { systemd: { dir: place.deploy }, backup: {} },
});
let version = '';
beforeAll(async () => {
  version = await sql('SHOW server_version', 'postgres');
});

const urlOf = (password: string, host = 'localhost', rest = '') =>
  `postgres://${app}:${encodeURIComponent(password)}@${host}:${place.port}/${database}${rest}`;
const ask = async (only: readonly string[] = PROBES, change: Change = {}) =>
  told(
    await look({
      config: configOf(change),
      root: folder,
      only,
      flags: { env: { DATABASE_URL: urlOf(PASSWORD), ...change.env } },
    }),
  );

const GOOD = { 'database-connection': 'pass', 'database-migrations': 'pass', 'database-privileges': 'pass' };

describe('a database that is as it should be', () => {
  it.each<[string, Change]>([
    ['by the URL that the service has', {}],
    ['by the password alone', { env: { DATABASE_URL: '', DATABASE_PASSWORD: PASSWORD } }],
    ['with a chain that is checked and a name that is not', { env: { DATABASE_URL: 'SSLMODE' } }],
  ])('passes, %s', async (_, change) => {
    const env =
      change.env?.['DATABASE_URL'] === 'SSLMODE'
        ? { DATABASE_URL: urlOf(PASSWORD, '127.0.0.1', '?sslmode=verify-ca') }
        : change.env;
    expect(await ask(PROBES, { ...change, ...(env && { env }) })).toEqual(GOOD);
  });

  it('is skipped where nobody may log in, with the reason', async () => {
    const results = await ask(['database-connection'], { env: { DATABASE_URL: '' } });
    expect(results['database-connection']).toMatch(/^skip: DATABASE_URL is not in the environment/);
  });

  it('is left as it was: nothing of the probes stays', async () => {
    await ask();
    const open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'aideploy-verify'";
    await expect.poll(() => sql(open, 'postgres'), { timeout: 30_000 }).toBe('0');
  });

  it('never shows the password', async () => {
    const results = await look({
      config: configOf(),
      root: folder,
      only: PROBES,
      flags: { env: { DATABASE_URL: urlOf('wrong-secret-7') } },
    });
    expect(results.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail']);
    expect(JSON.stringify(results)).not.toContain('wrong-secret-7');
  });
});

describe('a database that is broken', () => {
  let mend: string[] = [];
  afterEach(async () => {
    for (const statement of mend.splice(0)) await sql(statement);
  });

  interface Break {
    readonly how: string;
    readonly by?: string;
    readonly mended?: readonly string[];
    readonly change?: (place: Place) => Change | Promise<Change>;
    readonly probe: string;
    readonly seen: RegExp;
  }
  const BREAKS: readonly Break[] = [
    {
      how: 'a wrong secret',
      change: () => ({ env: { DATABASE_URL: urlOf('other') } }),
      probe: 'database-connection',
      seen: /^fail: shop_app@localhost:\d+\/shop: password authentication failed/,
    },
    {
      how: 'the owner’s URL given to the service',
      change: () => ({
        env: { DATABASE_URL: place.postgres.url(owner, database) },
        database: { tls: 'disable' },
      }),
      probe: 'database-connection',
      seen: /^fail: it logs in as shop_owner/,
    },
    {
      how: 'a connection without TLS',
      change: () => ({ env: { DATABASE_URL: urlOf(PASSWORD, 'localhost', '?sslmode=disable') } }),
      probe: 'database-connection',
      seen: /^fail: .*pg_hba\.conf rejects connection.*no encryption/,
    },
    {
      how: 'a certificate for another name',
      change: () => ({ env: { DATABASE_URL: urlOf(PASSWORD, '127.0.0.1') } }),
      probe: 'database-connection',
      seen: /^fail: .*127\.0\.0\.1.*cert/i,
    },
    {
      how: 'an authority that nobody knows',
      change: () => ({ database: { ca: '/etc/ssl/certs/ca-certificates.crt' } }),
      probe: 'database-connection',
      seen: /^fail: .*certificate/,
    },
    {
      how: 'a file of authorities that is not here',
      change: () => ({ database: { ca: '/nowhere/ca.pem' } }),
      probe: 'database-connection',
      seen: /^error: \/nowhere\/ca\.pem: ENOENT/,
    },
    {
      how: 'a server that is not there',
      change: async () => ({
        env: { DATABASE_URL: `postgres://${app}:x@localhost:${await freePort()}/${database}` },
      }),
      probe: 'database-connection',
      seen: /^fail: .*ECONNREFUSED/,
    },
    {
      how: 'a name that does not resolve',
      change: () => ({ env: { DATABASE_URL: urlOf(PASSWORD, 'db.invalid') } }),
      probe: 'database-connection',
      seen: /^fail: .*ENOTFOUND|EAI_AGAIN/,
    },
    {
      how: 'a database that is not there',
      change: () => ({ env: { DATABASE_URL: urlOf(PASSWORD).replace(/shop$/, 'gone') } }),
      probe: 'database-connection',
      seen: /^fail: .*database "gone" does not exist/,
    },
    {
      how: 'another major version',
      change: () => ({ database: { version: '12' } }),
      probe: 'database-connection',
      seen: /^fail: PostgreSQL \d+/,
    },
    {
      how: 'a migration that is missing',
      by: "DELETE FROM schema_migrations WHERE version = '0002'",
      mended: ["INSERT INTO schema_migrations VALUES ('0002')"],
      probe: 'database-migrations',
      seen: /^fail: not applied: 0002_more; the newest that is: 0001/,
    },
    {
      how: 'no schema at all',
      by: 'ALTER TABLE schema_migrations RENAME TO elsewhere',
      mended: ['ALTER TABLE elsewhere RENAME TO schema_migrations'],
      probe: 'database-migrations',
      seen: /^fail: there is no table schema_migrations/,
    },
    {
      how: 'a migration that broke off',
      by: 'ALTER TABLE schema_migrations ADD dirty boolean DEFAULT true',
      mended: ['ALTER TABLE schema_migrations DROP dirty'],
      probe: 'database-migrations',
      seen: /^fail: migration 0001 broke off/,
    },
    {
      how: 'a folder of migrations that is empty',
      change: () => ({ database: { migrations: { run: 'command', command: ['/m'], files: 'nowhere' } } }),
      probe: 'database-migrations',
      seen: /^error: .*nowhere holds no migrations/,
    },
    {
      how: 'a role with too much power',
      by: `ALTER ROLE ${app} CREATEDB BYPASSRLS`,
      mended: [`ALTER ROLE ${app} NOCREATEDB NOBYPASSRLS`],
      probe: 'database-privileges',
      seen: /^fail: shop_app is CREATEDB, BYPASSRLS$/,
    },
    {
      how: 'a role that is another too',
      by: `GRANT ${owner} TO ${app}`,
      mended: [`REVOKE ${owner} FROM ${app}`],
      probe: 'database-privileges',
      seen: /^fail: shop_app is also shop_owner/,
    },
    {
      how: 'a role that may make tables',
      by: `GRANT CREATE ON SCHEMA public TO ${app}`,
      mended: [`REVOKE CREATE ON SCHEMA public FROM ${app}`],
      probe: 'database-privileges',
      seen: /^fail: shop_app may make tables, though its owner migrates/,
    },
    {
      how: 'a role that may truncate',
      by: `GRANT TRUNCATE ON notes TO ${app}`,
      mended: [`REVOKE TRUNCATE ON notes FROM ${app}`],
      probe: 'database-privileges',
      seen: /^fail: shop_app has TRUNCATE on notes$/,
    },
    {
      how: 'a table that the service cannot read',
      by: 'CREATE TABLE secret (id int)',
      mended: ['DROP TABLE secret'],
      probe: 'database-privileges',
      seen: /^fail: shop_app lacks SELECT on secret, INSERT on secret, UPDATE on secret$/,
    },
  ];

  it.each(BREAKS)('$how', async ({ by, mended = [], change, probe, seen }) => {
    if (by !== undefined) await sql(by);
    mend = [...mended];
    expect((await ask([probe], await change?.(place)))[probe]).toMatch(seen);
  });
});

describe('a restore on request', () => {
  const rehearse = () =>
    look({
      config: configOf(),
      root: folder,
      only: ['database-restore'],
      flags: { platform: 'systemd', rehearseRestore: true, env: {} },
    });
  beforeAll(() => {
    Object.assign(process.env, place.env);
    vi.stubEnv('PGHOST', '127.0.0.1');
  });
  afterAll(() => vi.unstubAllEnvs());

  it('is not even planned without being asked for', async () => {
    expect(
      await look({ config: configOf(), only: ['database-restore'], flags: { platform: 'systemd' } }),
    ).toEqual([]);
  });

  it('fails where there is no backup', async () => {
    expect(told(await rehearse())['database-restore']).toMatch(/^fail: .*which backup|there is no backup/);
  });

  it('restores the newest backup into a scratch database, and leaves nothing', async () => {
    await place.back();
    const [result] = await rehearse();
    expect(result).toMatchObject({ status: 'pass', message: expect.stringContaining('rehearsed') });
    expect(await sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'shop%'", 'postgres')).toBe('1');
  });

  it('fails where the backup is damaged', async () => {
    const [name] = await place.names();
    await rm(join(place.backups, `${name}.dump`));
    expect(told(await rehearse())['database-restore']).toMatch(/^fail: /);
  });
});
