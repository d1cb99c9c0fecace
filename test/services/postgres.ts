// A PostgreSQL of one's own: a new cluster in a temporary folder, on a free loopback port.

import { existsSync, readdirSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { freePort } from './ports.ts';
import { type Program, run, start, temporaryFolder, until } from './programs.ts';

export interface Postgres {
  /** The connection string of a role for a database. */
  url(role: string, database: string): string;
  /** Runs statements as the superuser; the answer is psql's unadorned output. */
  sql(statements: string, database?: string): Promise<string>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no PostgreSQL here, or undefined where there is one. */
export function missingPostgres(): string | undefined {
  if (programs() === undefined)
    return "PostgreSQL's initdb is not installed (Debian: apt-get install postgresql)";
  return undefined;
}

/** Debian keeps initdb and postgres out of the PATH, in a folder for each major version. */
function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find(folder => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** PostgreSQL refuses to run as root; the package's own user serves then. */
async function user(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string) => Number((await run(['id', flag, 'postgres'])).trim());
  return { uid: await id('-u'), gid: await id('-g') };
}

export async function createPostgres(): Promise<Postgres> {
  const bin = programs();
  if (bin === undefined) throw new Error(missingPostgres());
  const folder = await temporaryFolder('aideploy-postgres-');
  const port = await freePort();
  const as = { cwd: folder, ...(await user()) };
  if (as.uid !== undefined && as.gid !== undefined) await chown(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  await run(
    [join(bin, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    as,
  );

  let server: Program | undefined;
  const at = ['-h', '127.0.0.1', '-p', String(port)];
  return {
    url: (role, database) => `postgres://${role}@127.0.0.1:${port}/${database}?sslmode=disable`,
    sql: async (statements, database = 'postgres') => {
      const psql = [
        join(bin, 'psql'),
        ...at,
        '-U',
        'postgres',
        '-d',
        database,
        '-XAtq',
        '-v',
        'ON_ERROR_STOP=1',
      ];
      return (await run([...psql, '-c', statements])).trim();
    },
    async start() {
      const postgres = start([join(bin, 'postgres'), '-D', data, ...at, '-k', folder, '-c', 'fsync=off'], as);
      server = postgres;
      const ready = [join(bin, 'pg_isready'), ...at, '-q'];
      await until(async () => (await start(ready).exit) === 0, `PostgreSQL to start: ${postgres.output()}`);
    },
    async stop() {
      server?.signal('SIGINT'); // its "fast" shutdown
      await server?.exit;
      server = undefined;
    },
  };
}
