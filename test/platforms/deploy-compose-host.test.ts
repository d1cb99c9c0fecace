/** `deploy compose --host`: a machine reached by ssh that has Docker, the settings and the record, and no project. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { project } from '../cli/run.ts';
import { type ComposeShop, composeShop, SETTINGS } from './compose-shop.ts';
import { docker, engine } from './docker.ts';
import { type Host, startHost } from './host.ts';
import { openSsh } from './ssh.ts';

const PLUGIN = 'cli-plugins/docker-compose';

let host: Host;
let at: string;
let shop: ComposeShop;
let folder: string;

beforeAll(async () => {
  await engine.up();
  const { DOCKER_HOST = '', DOCKER_CONFIG = '' } = engine.env();
  // What the engine mounts into containers has the same path there as on its own machine.
  const state = await project();
  const mounts = [
    `${DOCKER_HOST.replace('unix://', '')}:/srv/docker.sock`,
    '/usr/bin/docker:/usr/bin/docker:ro',
    `${realpathSync(join(DOCKER_CONFIG, PLUGIN))}:/usr/libexec/docker/${PLUGIN}:ro`,
    `${state}:${state}`,
  ];
  vi.stubEnv('HOST_FLAGS', mounts.map(each => `--volume ${each}`).join(' '));
  host = await startHost('aideploy-compose');
  await host.sh('ln -s /srv/docker.sock /run/docker.sock; docker compose version');
  at = await openSsh(host);
  shop = await composeShop({ where: ['--host', at], state });
  folder = join(state, shop.name);
  await shop.image('v1');
  await shop.image('v2');
});

describe('a machine that ssh reaches', () => {
  it('is told to be without its settings, which are there and not in the project', async () => {
    const without = await shop.deploy('v1');
    expect(without, without.told).toMatchObject({
      code: 1,
      cause: expect.stringMatching(/TOKEN.*\.env|DATABASE_\w*PASSWORD.*\.env/),
    });
    expect(await shop.ids()).toEqual(['']);
    await host.write({ [`${folder}/.env`]: SETTINGS });
  });

  it('is brought to a release and to the next; its record and its files are there', async () => {
    const first = await shop.deploy('v1');
    expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    await shop.sql("SET ROLE chat_owner; CREATE TABLE notes (note text); INSERT INTO notes VALUES ('of v1')");
    await shop.project.change(shop.configOf(), { 'prompt.txt': 'You are strict.\n' });
    const next = await shop.deploy('v2');
    expect(next, next.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v2' });
    expect(await shop.version()).toBe('v2');
    expect(await host.sh(`cat ${folder}/current/prompt.txt`)).toBe('You are strict.\n');
    expect(await shop.project.releases('--platform', 'compose', '--host', at)).toMatchObject([
      { id: 'v1', status: 'superseded' },
      { id: 'v2', status: 'verified', current: true },
    ]);
  });

  it('is the way to its database, which has no other', async () => {
    const ask = async () => {
      const only = ['--platform', 'compose', '--host', at, '--only', 'database-connection'];
      const { stdout } = await shop.project.run('verify', ...only, '--format', 'json');
      return (JSON.parse(stdout) as { probes: { status: string; message: string }[] }).probes;
    };
    expect(await ask()).toMatchObject([{ status: 'pass' }]);
    const closed = '/etc/ssh/sshd_config.d/closed.conf';
    await host.sh(`echo AllowTcpForwarding no >${closed}; systemctl restart ssh`);
    const message = expect.stringMatching(/:5432 by way of root@.*AllowTcpForwarding/);
    expect(await ask()).toMatchObject([{ status: 'error', message }]);
    await host.sh(`rm ${closed}; systemctl restart ssh`);
  });

  it('goes back with the database of that time; what was there is dumped first', async () => {
    const backups = async () =>
      (await host.sh(`cd ${join(shop.state, 'backups')}; ls *.dump | sed 's/\\.dump$//'`)).trim().split('\n');
    const [named = ''] = (await backups()).slice(-1);
    await shop.sql("INSERT INTO notes VALUES ('of v2')");
    const back = await shop.rollback('--with-database', named);
    expect(back, back.told).toMatchObject({ code: 0, outcome: 'verified', release: 'v1' });
    expect(await shop.version()).toBe('v1');
    expect(await host.sh(`cat ${folder}/current/prompt.txt`)).toBe('You are kind.\n');
    expect(await shop.sql('SELECT note FROM notes')).toBe('of v1');
    const saved = (await backups()).slice(-1)[0];
    expect(saved).not.toBe(named);
    expect(
      await host.sh(`grep -l pre-restore ${join(shop.state, 'backups', `${saved}.manifest`)}`),
    ).toContain(saved);
  });

  it('with a backup that is not there nothing is stopped', async () => {
    const starts = async () =>
      docker(['inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...(await shop.ids())]);
    const before = await starts();
    const back = await shop.rollback('--to', 'v2', '--with-database', 'chat_nothing');
    expect(back, back.told).toMatchObject({ code: 1, cause: expect.stringContaining('chat_nothing') });
    expect(await starts()).toBe(before);
    expect(await shop.version()).toBe('v1');
  });
});
