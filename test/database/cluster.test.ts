// What runs beside the services in a cluster, on a real PostgreSQL: the roles of an empty volume, and the job that
// backs up with the variables of its container alone.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { configMaps, objects } from '../../src/targets/kubernetes/objects.ts';
import { modelOf } from '../model/models.ts';
import { createPostgres, missingPostgres, type Postgres } from '../services/postgres.ts';
import { cleanUp, start, temporaryFolder } from '../services/programs.ts';

vi.setConfig({ testTimeout: 60_000 });
const missing = missingPostgres();
if (missing !== undefined) console.warn(`test/database/cluster.test.ts is skipped: ${missing}`);
afterAll(cleanUp);

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

const PASSWORDS = {
  DATABASE_OWNER_PASSWORD: "o'wner $(id) \\",
  DATABASE_PASSWORD: 'app"',
  DATABASE_BACKUP_PASSWORD: 'backup:%',
};

describe.skipIf(missing !== undefined)('a database in the cluster', () => {
  let postgres: Postgres;
  let folder: string;
  let port: string;
  let scripts: Map<string, string>;
  let job: Container;

  beforeAll(async () => {
    postgres = await createPostgres();
    await postgres.start();
    port = new URL(postgres.url('postgres', 'postgres')).port;
    const model = modelOf(`version: 1
name: shop
services:
  api: {language: go, port: 8080, health: {live: /live, ready: /ready}, dependsOn: [db]}
database: {version: 15, name: shop, user: shop_app, owner: shop_owner, port: ${port}, migrations: {run: command, command: [/api, migrate]}}
targets: {backup: {}, kubernetes: {}}
`);
    folder = await temporaryFolder('aideploy cluster ');
    await mkdir(join(folder, 'backups'));
    const maps = configMaps(model, await createEngine()).flatMap(({ files = {} }) => Object.entries(files));
    scripts = new Map();
    for (const [name, content = ''] of maps) {
      scripts.set(name, join(folder, name));
      await writeFile(join(folder, name), content, { mode: 0o555 });
    }
    const found = objects(model).find(
      ({ object }) => object.kind === 'CronJob' && object.metadata.name === 'shop-backup',
    );
    // biome-ignore lint/suspicious/noExplicitAny: a manifest is looked at as its readers do
    job = (found as any).object.spec.jobTemplate.spec.template.spec.containers[0];
    await postgres.sql('CREATE DATABASE shop');
  }, 60_000);
  afterAll(() => postgres?.stop());

  const execute = async (command: readonly string[], env: Record<string, string>) => {
    const program = start([...command], { env: { PATH: process.env['PATH'] ?? '', ...env } });
    return { code: await program.exit, output: program.output() };
  };

  it('has its roles after its first start, each with its password', async () => {
    const env = {
      POSTGRES_USER: 'postgres',
      POSTGRES_DB: 'shop',
      PGHOST: '127.0.0.1',
      PGPORT: port,
      ...PASSWORDS,
    };
    const { code, output } = await execute([scripts.get('10-roles.sh') ?? ''], env);
    expect({ code, output }).toEqual({ code: 0, output: '' });
    const roles = await postgres.sql(
      "SELECT rolname, left(rolpassword, 5), rolsuper FROM pg_authid WHERE rolname LIKE 'shop%' ORDER BY 1",
    );
    expect(roles.split('\n')).toEqual(['shop_app|SCRAM|f', 'shop_app_backup|SCRAM|f', 'shop_owner|SCRAM|f']);
  });

  /** As the kubelet would start it, but for where the server and the volumes are. */
  const backUp = (more: Record<string, string> = {}) => {
    const own: Record<string, string> = {
      ...Object.fromEntries(job.env.map(({ name, value = 'secret' }) => [name, value])),
      BACKUP_HOST: '127.0.0.1',
      BACKUP_DIR: join(folder, 'backups'),
      BACKUP_STATE: join(folder, 'backups'),
    };
    const command = job.command.map(word => scripts.get(word.split('/').at(-1) ?? '') ?? word);
    return execute(command, { ...own, ...more });
  };
  const kept = async () => (await readdir(join(folder, 'backups'))).filter(name => name.endsWith('.sha256'));

  it('is backed up by its job', async () => {
    await postgres.sql(
      'SET ROLE shop_owner; CREATE TABLE orders AS SELECT generate_series(1, 100) AS id',
      'shop',
    );
    const { code, output } = await backUp();
    expect(output).toContain('100 rows in 1 tables');
    expect(code).toBe(0);
    expect(await kept()).toHaveLength(1);
  });

  it('keeps what it has when a dump fails', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const script = '#!/bin/sh\n[ "$1" = --version ] && exec /usr/bin/pg_dump --version\nexit 1\n';
    await writeFile(join(bin, 'pg_dump'), script, { mode: 0o755 });
    const before = await kept();
    const { code } = await backUp({ PATH: `${bin}:${process.env['PATH']}` });
    expect(code).not.toBe(0);
    expect(await kept()).toEqual(before);
  });
});
