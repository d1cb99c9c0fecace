/** `deploy systemd` of what is more than one program: packages of Python, and a database beside the service. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drain, proxy, under } from './behind-nginx.ts';
import { type DeployProject, deployProject } from './deploy-project.ts';
import { buildOf, type Host, startHost, wheelsOf } from './host.ts';
import { openSsh } from './ssh.ts';

const TIMEOUTS = { request: '5s', llm: '4s', startup: '20s', drain: '6s', drainDelay: '0s' };
const HEALTH = { live: '/health/live', ready: '/health/ready' };
const VERIFY = { attempts: 2, interval: '500ms', timeout: '5s', samples: 20 };

let host: Host;
let at: string;

beforeAll(async () => {
  host = await startHost('aideploy-services');
  at = await openSsh(host);
});

const version = async (port: number) =>
  ((await (await fetch(`http://${host.address}:${port}/version`)).json()) as { version: string }).version;

describe('a program of Python, in two instances', () => {
  let brain: DeployProject;
  let url: string;
  const flags = () => ['--host', at, '--url', url];
  const deploy = (tag: string) =>
    brain.ended('deploy', 'systemd', ...flags(), '--tag', tag, '--build', `build-${tag}`);

  beforeAll(async () => {
    brain = await deployProject('python', {
      version: 1,
      name: 'brain',
      services: {
        api: {
          language: 'python',
          version: '3.11',
          build: { main: 'app.main:app' },
          port: 8001,
          metrics: {},
          health: HEALTH,
          timeouts: TIMEOUTS,
          resources: { cpu: { limit: 1 }, memory: { limit: '1Gi' } },
          env: { PORT: '${port}', SHUTDOWN_TIMEOUT: '${timeouts.drain}' },
        },
      },
      targets: { systemd: { instances: 2 } },
      verify: VERIFY,
    });
    for (const tag of ['v1', 'v2']) buildOf(brain.folder, tag);
    // The host has no way out: its packages come from a folder, which pip is told of where pip looks.
    await host.copy(wheelsOf(join(brain.folder, 'requirements.txt')), '/srv/wheels');
    await host.write({ '/etc/pip.conf': '[global]\nno-index = true\nfind-links = /srv/wheels\n' });
    await host.copy(join(brain.folder, 'deploy'), '/srv/brain/deploy');
    await host.sh('/srv/brain/deploy/systemd/install.sh');
    url = await proxy(host, 8002, [8001, 18_001]);
    await drain(host, '/etc/brain', 8002, [8001, 18_001]);
  });

  it('is deployed with packages of its own, gives way to the next without a failed request, and comes back', async () => {
    const first = await deploy('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified' });
    const next = await under(url, () => deploy('v2'));
    expect(next.result, next.result.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect(next.load.failures).toEqual([]);
    expect(await version(8002)).toBe('v2');
    const back = await under(url, () => brain.ended('rollback', 'systemd', ...flags(), '--yes'));
    expect(back.result, back.result.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(back.load.failures).toEqual([]);
    expect(await version(8002)).toBe('v1');
  });

  it('whose packages cannot be had is not switched to', async () => {
    buildOf(brain.folder, 'v3');
    await host.sh('mv /srv/wheels /srv/wheels.gone');
    const without = await deploy('v3');
    await host.sh('mv /srv/wheels.gone /srv/wheels');
    expect(without, without.told).toMatchObject({
      code: 1,
      outcome: 'rolled-back',
      cause: expect.stringMatching(/No matching distribution|find-links|requirement/i),
    });
    expect(await version(8002)).toBe('v1');
  });
});

describe('a program of Go with PostgreSQL beside it, in one instance', () => {
  let desk: DeployProject;
  const flags = () => ['--host', at, '--url', `http://${host.address}:8090`];
  const deploy = (tag: string, ...more: string[]) =>
    desk.ended('deploy', 'systemd', ...flags(), '--tag', tag, '--build', `build-${tag}`, ...more);
  const expand = (tag: string) => deploy(tag, '--migration', 'expand');
  const sql = async (statements: string) =>
    (await host.sh(`su postgres -c "psql -XAtqd desk" <<'SQL'\n${statements}\nSQL`)).trim();
  const backups = async () =>
    (await host.sh("cd /var/backups/desk; ls -t *.dump 2>/dev/null | sed 's/\\.dump$//' || true"))
      .trim()
      .split('\n');
  const owner = (password: string) =>
    host.sh(
      `sed -i 's|^DATABASE_OWNER_URL=.*|DATABASE_OWNER_URL=postgres://desk_owner:${password}@127.0.0.1:5432/desk?sslmode=disable|' /etc/desk/desk-migrate.env`,
    );

  beforeAll(async () => {
    desk = await deployProject('go-postgres', {
      version: 1,
      name: 'desk',
      services: {
        server: {
          language: 'go',
          build: { main: './cmd/server', binaries: ['./cmd/agent'] },
          port: 8090,
          health: HEALTH,
          timeouts: TIMEOUTS,
          env: { PORT: '${port}', METRICS_PORT: '${port}', SHUTDOWN_TIMEOUT: '${timeouts.drain}' },
          secrets: [{ name: 'DATABASE_URL', from: 'database' }],
          dependsOn: ['db'],
        },
      },
      database: {
        version: '15',
        name: 'desk',
        user: 'desk_app',
        owner: 'desk_owner',
        migrations: { run: 'command', command: ['/server', 'migrate'] },
        backup: { dir: '/var/backups/desk' },
      },
      targets: { systemd: {}, backup: {} },
      verify: VERIFY,
    });
    for (const tag of ['v1', 'v2', 'v3']) buildOf(desk.folder, tag);
    await host.copy(join(desk.folder, 'deploy'), '/srv/desk/deploy');
    await host.sh(`systemctl start postgresql
su postgres -c 'createdb desk'
chmod -R a+rX /srv/desk
su postgres -c 'DATABASE_OWNER_PASSWORD=o DATABASE_PASSWORD=a DATABASE_BACKUP_PASSWORD=b psql -Xqd desk -f /srv/desk/deploy/database/roles.sql'
/srv/desk/deploy/systemd/install.sh
/srv/desk/deploy/backup/install.sh
echo b | /srv/desk/deploy/backup/install.sh --password
sed -i 's|^DATABASE_URL=.*|DATABASE_URL=postgres://desk_app:a@127.0.0.1:5432/desk?sslmode=disable|' /etc/desk/desk.env`);
    await owner('o');
  });

  it('is migrated and deployed, and goes back with the database of that time', async () => {
    const first = await expand('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified' });
    await sql(
      "CREATE TABLE notes (note text); ALTER TABLE notes OWNER TO desk_owner; INSERT INTO notes VALUES ('of v1');",
    );
    const next = await expand('v2');
    expect(next, next.told).toMatchObject({ code: 0, outcome: 'verified' });
    expect(await version(8090)).toBe('v2');
    const [named = ''] = await backups();
    await sql("INSERT INTO notes VALUES ('of v2');");
    const back = await desk.ended('rollback', 'systemd', ...flags(), '--yes', '--with-database', named);
    expect(back, back.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(await version(8090)).toBe('v1');
    expect(await sql('SELECT note FROM notes;')).toBe('of v1');
    const [saved] = await backups();
    expect(saved).not.toBe(named);
    expect(await host.sh(`grep -c pre-restore /var/backups/desk/${saved}.manifest`)).toBe('1\n');
    expect(
      await host.sh(
        'systemctl start desk-backup.service; systemctl show --property Result --value desk-backup.service',
      ),
    ).toBe('success\n');
  });

  it('whose migrations fail is not switched to: the former serves on', async () => {
    const pid = await host.sh('systemctl show --property MainPID --value desk.service');
    await owner('wrong');
    const failed = await expand('v3');
    await owner('o');
    expect(failed, failed.told).toMatchObject({
      code: 1,
      outcome: 'rolled-back',
      cause: expect.stringMatching(/the migrations failed, nothing was switched; it said last: .*password/),
    });
    expect(await version(8090)).toBe('v1');
    expect(await host.sh('systemctl show --property MainPID --value desk.service')).toBe(pid);
  });
});
