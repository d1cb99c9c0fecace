// Backup and restore of a database that runs in a container: no file of the project is needed for it but the scripts.
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aideploy, project } from '../cli/run.ts';
import { freePort } from '../services/ports.ts';
import { bases, compose, docker, engine } from './docker.ts';

const PROD = ['-f', 'compose.prod.yaml'];

describe('a database in compose', () => {
  let folder: string;
  let name: string;
  const env = {
    AIDEPLOY_TAG: '1.0.0',
    DATABASE_PASSWORD: 'app-4f2c',
    DATABASE_OWNER_PASSWORD: 'owner-9d1e',
    DATABASE_ADMIN_PASSWORD: 'admin-77aa',
  };
  const sql = async (statements: string, role = 'postgres') =>
    (
      await compose(
        [...PROD, 'exec', '-T', 'db', 'psql', '-XAtq', '-U', role, '-d', 'chat', '-c', statements],
        { cwd: folder, env },
      )
    ).trim();
  const script = async (file: string, ...args: string[]) => {
    const options = {
      cwd: '/',
      env: { ...process.env, ...engine.env(), BACKUP_STATE: join(folder, 'state') },
    };
    const { stdout, stderr } = await promisify(execFile)(join(folder, 'deploy/backup', file), args, options);
    return stdout + stderr;
  };

  beforeAll(async () => {
    await engine.up();
    name = `backup-${await freePort()}`;
    folder = await project();
    const backups = join(folder, 'backups');
    for (const path of [backups, join(folder, 'state')]) await mkdir(path);
    const config = {
      version: 1,
      name,
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
        version: '15',
        name: 'chat',
        user: 'chat_app',
        owner: 'chat_owner',
        migrations: { run: 'command', command: ['/server', 'migrate'] },
        backup: { dir: backups },
      },
      targets: { compose: {}, backup: {} },
    };
    await writeFile(join(folder, 'aideploy.yaml'), stringify(config));
    const rendered = await aideploy(['render'], { cwd: folder });
    expect(rendered.code, rendered.stderr).toBe(0);
    await docker(['tag', bases.postgres, 'postgres:15-bookworm']);
    await compose([...PROD, 'up', '--detach', '--wait', '--wait-timeout', '120', '--pull', 'never', 'db'], {
      cwd: folder,
      env,
    });
    await sql(
      "SET ROLE chat_owner; CREATE TABLE notes (id serial PRIMARY KEY, note text); INSERT INTO notes (note) SELECT 'note ' || i FROM generate_series(1, 500) AS i",
    );
  });

  it('is backed up, damaged and restored, through the container alone', async () => {
    const rows = () => sql('SELECT string_agg(n::text, chr(10) ORDER BY id) FROM notes AS n');
    const before = await rows();
    expect(await script('backup.sh', '--reason', 'pre-deploy')).toContain(
      '500 rows in 1 tables, read back and checked',
    );
    await sql("DELETE FROM notes WHERE id > 100; UPDATE notes SET note = 'damaged'");
    expect(await script('restore.sh', 'latest', '--yes')).toContain(
      '"public"."notes": 100 rows now, 500 in the backup',
    );
    expect(await rows()).toBe(before);
    await sql("INSERT INTO notes (note) VALUES ('next')", 'chat_app');
    expect(await script('rehearse.sh')).toContain('rehearsed: chat_');
    expect((await readdir(join(folder, 'backups'))).filter(file => file.endsWith('.sha256'))).toHaveLength(2);
  });

  it('lets the backup’s role in from inside of the container only', async () => {
    await expect(
      compose(
        [
          ...PROD,
          'exec',
          '-T',
          'db',
          'psql',
          '-Xwc',
          'SELECT 1',
          '-h',
          'db',
          '-U',
          `chat_app_backup`,
          '-d',
          'chat',
        ],
        { cwd: folder, env },
      ),
    ).rejects.toThrow();
    expect(await sql('SELECT count(*) > 0 FROM notes', 'chat_app_backup')).toBe('t');
    await expect(sql('START TRANSACTION READ WRITE; DELETE FROM notes', 'chat_app_backup')).rejects.toThrow(
      'permission denied',
    );
  });
});
