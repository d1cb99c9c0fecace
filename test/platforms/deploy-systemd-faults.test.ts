/**
 * Runs of `deploy systemd` and `rollback` that are killed, and hosts that go away, fill up or are set to another time
 * in the middle of them: two instances serve all along, the record is true, and the same command finishes the work.
 * AIDEPLOY_DEEP tries every point.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { drain, proxy, under } from './behind-nginx.ts';
import { type Cable, cable } from './cable.ts';
import { type DeployProject, deployProject, kill } from './deploy-project.ts';
import { clockEnv, clockLibrary, DEEP, type Fault, faultTable, nameOf, setClock } from './faults.ts';
import { buildOf, type Host, startHost, temporaryFolder } from './host.ts';
import { openSsh } from './ssh.ts';

const CONFIG = {
  version: 1,
  name: 'mill',
  services: {
    api: {
      language: 'go',
      build: { main: './cmd/server' },
      port: 8080,
      metrics: { port: 9090 },
      health: { live: '/health/live', ready: '/health/ready' },
      timeouts: { request: '3s', llm: '2s', startup: '60s', drain: '6s', drainDelay: '0s' },
      resources: { cpu: { limit: 1 }, memory: { limit: '256Mi' } },
      env: { PORT: '${port}', METRICS_PORT: '${metrics.port}' },
    },
  },
  targets: { systemd: { instances: 2, keepReleases: 8 } },
  verify: { attempts: 2, interval: '500ms', timeout: '5s', samples: 20 },
};
const RELEASES = '/opt/mill/releases';
const CLOCK = '/run/clock';

let host: Host;
let at: string;
let line: Cable;
let mill: DeployProject;
let url: string;
let clock: string;
let library: string;

const flags = () => ['--host', at, '--url', url];
const words = (way: Fault['way']) =>
  way === 'deploy'
    ? ['deploy', 'systemd', ...flags(), '--tag', 'v2', '--build', 'build-v2']
    : ['rollback', 'systemd', ...flags(), '--to', 'v1', '--yes'];
const deploy = (tag: string) =>
  mill.ended('deploy', 'systemd', ...flags(), '--tag', tag, '--build', `build-${tag}`);
const versions = () =>
  Promise.all(
    [8080, 18_080].map(async port => {
      const answer = await fetch(`http://${host.address}:${port}/version`);
      return ((await answer.json()) as { version: string }).version;
    }),
  );

/** Room for the lines of a record is none when the file system is full. */
const fill = async (milliseconds: number) => {
  await host.sh(`head -c 1G /dev/zero >${RELEASES}/.fill 2>/dev/null || true`);
  await sleep(milliseconds);
  await host.sh(`rm ${RELEASES}/.fill`);
};
/** Of the host and of whoever deploys. */
const set = async (seconds: number) => {
  setClock(clock, seconds);
  await host.sh(`echo ${seconds < 0 ? '' : '+'}${seconds} >${CLOCK}`);
};

beforeAll(async () => {
  host = await startHost('aideploy-faults');
  library = clockLibrary();
  clock = join(await temporaryFolder(), 'clock');
  await host.sh(
    `mkdir -p ${RELEASES} /usr/local/lib/clock; mount -t tmpfs -o size=160m,mode=755 releases ${RELEASES}`,
  );
  await host.copy(join(library, '..'), '/usr/local/lib/clock');
  const variables = clockEnv('/usr/local/lib/clock/libfaketime.so.1', CLOCK);
  const named = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  await host.write({ '/etc/ssh/sshd_config.d/clock.conf': `SetEnv ${named.join(' ')}\n` });
  await host.sh('systemctl restart ssh');
  await set(0);
  line = await cable({ host: host.address, port: 22 });
  at = await openSsh(host, line);
  mill = await deployProject('go', CONFIG, () => clockEnv(library, clock));
  await host.copy(join(mill.folder, 'deploy'), '/srv/mill/deploy');
  await host.sh('/srv/mill/deploy/systemd/install.sh');
  url = await proxy(host, 8000, [8080, 18_080]);
  await drain(host, '/etc/mill', 8000, [8080, 18_080]);
  for (const tag of ['v1', 'v2']) buildOf(mill.folder, tag);
  const first = await deploy('v1');
  expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified' });
});

const AWAY = 6_000;
type Kind = Pick<Fault, 'what' | 'strike' | 'ends'>;
const KILLED: Kind = { what: 'killed', strike: kill, ends: false };
const CUT: Kind = { what: 'ssh gone for 6 s', strike: () => line.cut(AWAY), ends: true };
const LONG: Kind = { what: 'ssh gone for 25 s', strike: () => line.cut(25_000), ends: true };
const HUNG: Kind = { what: 'ssh hangs for 40 s', strike: () => line.hang(40_000), ends: true };
const FULL: Kind = { what: 'disk full for 5 s', strike: () => fill(5_000), ends: true };
const AHEAD: Kind = { what: 'clocks set an hour ahead', strike: () => set(3_600), ends: true };
const BACK: Kind = { what: 'clocks set an hour back', strike: () => set(-3_600), ends: true };

const of =
  (way: Fault['way']) =>
  (kind: Kind, when: RegExp, after = 0): Fault => ({ way, when, after, ...kind });
const [going, returning] = [of('deploy'), of('rollback')];
const [PLAN, RECORDED, BROUGHT, MADE, SWITCHED, ASKING, VERIFIED] = [
  /^\s*1\. /m,
  /ok record v2/,
  /ok bring/,
  /ok make release/,
  /ok switch/,
  /asking every probe/,
  /ok verify/,
];

/** In turns, since each begins where the one before ended. */
const FAULTS: readonly Fault[] = DEEP
  ? [
      [going(KILLED, PLAN, 700), returning(KILLED, PLAN)],
      [going(KILLED, RECORDED), returning(KILLED, PLAN, 700)],
      [going(KILLED, BROUGHT, 300), returning(KILLED, PLAN, 3_000)],
      [going(KILLED, MADE), returning(KILLED, SWITCHED)],
      [going(KILLED, MADE, 1_200), returning(KILLED, ASKING, 300)],
      [going(KILLED, ASKING), returning(CUT, SWITCHED)],
      [going(CUT, RECORDED), returning(CUT, ASKING)],
      [going(CUT, BROUGHT), returning(CUT, VERIFIED)],
      [going(CUT, MADE, 200), returning(FULL, SWITCHED)],
      [going(CUT, MADE, 3_000), returning(BACK, SWITCHED)],
      [going(CUT, ASKING), returning(AHEAD, ASKING)],
      [going(LONG, MADE, 500), returning(FULL, VERIFIED)],
      [going(HUNG, MADE, 500)],
      [going(FULL, RECORDED), going(FULL, MADE), going(BACK, MADE, 300), going(AHEAD, MADE, 300)],
    ].flat()
  : [
      going(KILLED, MADE, 1_000),
      returning(CUT, SWITCHED),
      going(CUT, MADE, 500),
      returning(BACK, SWITCHED),
      going(FULL, BROUGHT),
    ];

const table = faultTable();

describe('two instances serve all along', () => {
  const isAt = async (tag: string) => (await versions()).every(each => each === tag);
  const goTo = async (tag: string) => {
    const run = tag === 'v2' ? await deploy('v2') : await mill.ended(...words('rollback'));
    expect(run, run.told).toMatchObject({ code: 0, outcome: 'verified' });
  };

  it.each(FAULTS.map(fault => [nameOf(fault), fault] as const))('%s', async (name, fault) => {
    const survived = table.begin(name);
    const { way, when, after, strike, ends } = fault;
    await set(0);
    const [before, goal] = way === 'deploy' ? ['v1', 'v2'] : ['v2', 'v1'];
    if (!(await isAt(before))) await goTo(before);
    if (way === 'deploy') await host.sh(`rm -rf ${RELEASES}/v2 ${RELEASES}/.build-*`);
    const { load } = await under(url, async () => {
      const { code, told } = await mill.struck({ when, after, strike }, ...words(way));
      if (ends) expect(code, told).toBe(0);
      if (code !== 0) await goTo(goal);
    });
    expect(load.failures).toEqual([]);
    expect(await versions()).toEqual([goal, goal]);
    const known = (await mill.releases('--host', at)).map(({ id, status, current }) => [id, status, current]);
    expect(known).toEqual(
      goal === 'v2'
        ? [
            ['v1', 'superseded', false],
            ['v2', 'verified', true],
          ]
        : [
            ['v1', 'verified', true],
            ['v2', 'superseded', false],
          ],
    );
    expect(await host.sh(`ls -A ${RELEASES} | grep -v '^\\.lease$\\|^\\.lock$'`)).toBe(
      'history.jsonl\nv1\nv2\n',
    );
    survived();
  });
});

describe('two operators', () => {
  const SECOND = DEEP ? [0, 500, 2_000, 4_000] : [500];

  it.each(SECOND)('of whom the second begins %d ms later: one works, the other is told who', async later => {
    const survived = table.begin(`deploy: a second operator ${later} ms later`);
    await set(0);
    if ((await versions())[0] !== 'v1') expect((await mill.ended(...words('rollback'))).code).toBe(0);
    const [one, two] = await Promise.all([deploy('v2'), sleep(later).then(() => deploy('v2'))]);
    const codes = [one.code, two.code].sort();
    expect(codes[0], one.told + two.told).toBe(0);
    if (codes[1] !== 0) expect(one.told + two.told).toMatch(/is at work there|has the lock/);
    expect(await versions()).toEqual(['v2', 'v2']);
    survived();
  });
});
