// A PostgreSQL of its own, the scripts rendered for it, and commands that fail when they are told to.

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { backup } from '../../src/targets/backup/index.ts';
import { database } from '../../src/targets/database/index.ts';
import { createPostgres, type Postgres } from '../services/postgres.ts';
import { type Exit, start, temporaryFolder } from '../services/programs.ts';

export interface Ending {
  readonly code: Exit;
  readonly output: string;
}

export interface Place {
  readonly postgres: Postgres;
  readonly port: number;
  /** deploy/ as rendered. */
  readonly deploy: string;
  readonly backups: string;
  readonly state: string;
  readonly env: Record<string, string>;
  run(script: string, args?: readonly string[], env?: Record<string, string>): Promise<Ending>;
  /** Runs a SQL script of deploy/database. */
  psql(file: string, role: string, env?: Record<string, string>): Promise<Ending>;
  /** The name of a new backup. */
  back(args?: readonly string[], env?: Record<string, string>): Promise<string>;
  restore(args: readonly string[], env?: Record<string, string>): Promise<Ending>;
  /** Puts commands into a folder that comes first in the PATH; the answer is that PATH. `$real` is the true one. */
  commands(scripts: Readonly<Record<string, string>>): Promise<string>;
  names(): Promise<string[]>;
}

export const NAMES = { database: 'shop', owner: 'shop_owner', app: 'shop_app', backup: 'shop_app_backup' };

/** Each test runs dozens of programs, on machines that have other work too. */
vi.setConfig({ testTimeout: 120_000 });

const engine = await createEngine();

/** Configuration as YAML lines below `database:`. */
export async function createPlace(
  lines: readonly string[] = [],
  backupLines: readonly string[] = [],
): Promise<Place> {
  const postgres = await createPostgres();
  await postgres.start();
  const port = Number(new URL(postgres.url('postgres', 'postgres')).port);
  const folder = await temporaryFolder('aideploy database ');
  const backups = join(folder, 'backups');
  const state = join(folder, 'state');
  for (const path of [backups, state]) await mkdir(path);
  const deploy = await renderInto(folder, port, lines, [`dir: ${JSON.stringify(backups)}`, ...backupLines]);
  const env = { BACKUP_STATE: state, PGPASSFILE: join(folder, 'pgpass') };
  await postgres.sql(`CREATE DATABASE ${NAMES.database}`);
  const execute = async (command: string[], more: Record<string, string> = {}): Promise<Ending> => {
    const program = start(command, { env: { ...env, ...more } });
    return { code: await program.exit, output: program.output() };
  };
  const place: Place = {
    postgres,
    port,
    deploy,
    backups,
    state,
    env,
    run: (script, args = [], more) => execute([join(deploy, 'backup', script), ...args], more),
    psql: (file, role, more) =>
      execute(
        ['psql', '-XqAt', '-d', postgres.url(role, NAMES.database), '-f', join(deploy, 'database', file)],
        more,
      ),
    back: async (args, more) => {
      const { code, output } = await place.run('backup.sh', args, more);
      if (code !== 0) throw new Error(`backup.sh ended with ${code}:\n${output}`);
      return (
        output
          .trim()
          .split('\n')
          .find(line => /^shop_\d{8}T\d{6}Z$/.test(line)) ?? ''
      );
    },
    restore: (args, more) => place.run('restore.sh', args, more),
    commands: async scripts => {
      const bin = await temporaryFolder('aideploy-commands-');
      for (const [name, script] of Object.entries(scripts)) {
        const real = execFileSync('which', [name], { encoding: 'utf8' }).trim();
        await writeFile(join(bin, name), `#!/bin/bash\nreal=${real}\n${script}\n`);
        await chmod(join(bin, name), 0o755);
      }
      return `${bin}:${process.env['PATH']}`;
    },
    names: async () =>
      (await readdir(backups))
        .filter(name => name.endsWith('.sha256'))
        .map(name => name.slice(0, -7))
        .sort(),
  };
  return place;
}

async function renderInto(
  folder: string,
  port: number,
  lines: readonly string[],
  backupLines: readonly string[],
): Promise<string> {
  const text = [
    'version: 1',
    'name: shop',
    'image: {registry: example.com/shop}',
    'services:',
    '  api:',
    '    language: go',
    '    port: 8080',
    '    health: {live: /health/live, ready: /health/ready}',
    '    dependsOn: [db]',
    'database:',
    '  version: 15',
    `  host: 127.0.0.1`,
    `  port: ${port}`,
    `  name: ${NAMES.database}`,
    `  user: ${NAMES.app}`,
    `  owner: ${NAMES.owner}`,
    ...lines.map(line => `  ${line}`),
    '  backup:',
    ...backupLines.map(line => `    ${line}`),
    'targets: {backup: {}}',
  ].join('\n');
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(text)));
  for (const { path, content, mode } of [
    ...database.render(model, engine),
    ...backup.render(model, engine),
  ]) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content, { mode: mode ?? 0o644 });
  }
  return join(folder, 'deploy');
}

/** Every row of every table, for a comparison row by row. */
export async function contents(postgres: Postgres, name = NAMES.database): Promise<Record<string, string>> {
  const tables = (
    await postgres.sql(
      "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^pg_|information' ORDER BY 1",
      name,
    )
  ).split('\n');
  const all: Record<string, string> = {};
  for (const table of tables.filter(Boolean))
    all[table] = await postgres.sql(`SELECT t::text FROM ${table} AS t ORDER BY 1`, name);
  return all;
}

export async function metricsOf(place: Place): Promise<Record<string, number>> {
  const text = await readFile(join(place.state, 'shop-backup.prom'), 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^aideploy_backup_(\w+)\{database="shop"\} (\S+)$/gm)].map(([, name, value]) => [
      name ?? '',
      Number(value),
    ]),
  );
}

export async function databases(postgres: Postgres): Promise<string[]> {
  return (await postgres.sql("SELECT datname FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1")).split(
    '\n',
  );
}

export async function forget(place: Place): Promise<void> {
  for (const name of await readdir(place.backups)) await rm(join(place.backups, name), { recursive: true });
}

const TABLES = `
  CREATE TABLE orders (id serial PRIMARY KEY, note text, raw bytea);
  INSERT INTO orders (note, raw) SELECT E'line\\n\\\\.\\n\\tCOPY "x"."y" FROM stdin;' || i, sha512(i::text::bytea) FROM generate_series(1, 2000) AS i;
  CREATE TABLE "odd ""name (a) FROM stdin;" (a int); INSERT INTO "odd ""name (a) FROM stdin;" VALUES (1), (NULL);
  CREATE TABLE empty (a int);
  CREATE TABLE parted (a int) PARTITION BY LIST (a);
  CREATE TABLE parted_one PARTITION OF parted FOR VALUES IN (1); INSERT INTO parted VALUES (1), (1);
  CREATE SCHEMA more; CREATE TABLE more.orders (a int); INSERT INTO more.orders VALUES (7);
  CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM orders;`;

/** A place with roles and tables whose names and rows are awkward. */
export async function filled(
  lines: readonly string[] = [],
  backupLines: readonly string[] = [],
): Promise<Place> {
  const place = await createPlace(['migrations: {run: command, command: [/m]}', ...lines], backupLines);
  const { code, output } = await place.psql('roles.sql', 'postgres');
  if (code !== 0) throw new Error(output);
  await place.postgres.sql(`SET ROLE ${NAMES.owner}; ${TABLES}`, 'shop');
  return place;
}

/** The files of each backup with what is in them, as a fault must leave them. */
export async function digests(place: Place): Promise<string> {
  const files = (await readdir(place.backups)).filter(name => name.startsWith('shop_')).sort();
  return files.length === 0 ? '' : execFileSync('sha256sum', files, { cwd: place.backups, encoding: 'utf8' });
}

/** faketime moves the clock of the script and of what it starts, not the server's. */
export async function at(place: Place, when: string, args: readonly string[] = []) {
  const program = start(
    ['faketime', '-f', when.replace(/ days$/, 'd'), join(place.deploy, 'backup/backup.sh'), ...args],
    { env: place.env },
  );
  return { code: await program.exit, output: program.output() };
}
