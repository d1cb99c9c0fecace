/**
 * Runs of `deploy compose` and `rollback` that are killed, and engines that go away, disks that fill up and clocks that
 * are set in the middle of them: the service answers, the record is true, and the same command finishes the work.
 * AIDEPLOY_DEEP tries every point.
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { project } from '../cli/run.ts';
import { type Cable, cable } from './cable.ts';
import { type ComposeShop, composeShop } from './compose-shop.ts';
import { kill } from './deploy-project.ts';
import { engine } from './docker.ts';
import { clockEnv, clockLibrary, DEEP, type Fault, faultTable, nameOf, setClock } from './faults.ts';

let shop: ComposeShop;
let socket: Cable;
let disk: string;
let clock: string;

beforeAll(async () => {
  await engine.up();
  const folder = await project();
  const path = join(folder, 'docker.sock');
  socket = await cable({ path: (engine.env()['DOCKER_HOST'] ?? '').replace('unix://', '') }, { path });
  clock = join(folder, 'clock');
  setClock(clock, 0);
  const time = clockEnv(clockLibrary(), clock);
  disk = await project();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=755', 'record', disk]);
  shop = await composeShop({ env: () => ({ ...time, DOCKER_HOST: `unix://${path}` }), state: disk });
  await shop.image('v1');
  await shop.image('v2');
  const first = await shop.deploy('v1');
  expect(first, first.told).toMatchObject({ code: 0, outcome: 'verified' });
});
afterAll(() => {
  execFileSync('umount', ['--lazy', disk]);
});

/** No line of the record finds room any more. */
const fill = async (milliseconds: number) => {
  try {
    writeFileSync(join(disk, '.fill'), Buffer.alloc(80 * 2 ** 20));
  } catch {
    // It is full, as it was to be.
  }
  await sleep(milliseconds);
  rmSync(join(disk, '.fill'));
};

type Kind = Pick<Fault, 'what' | 'strike' | 'ends'>;
const KILLED: Kind = { what: 'killed', strike: kill, ends: false };
const GONE: Kind = { what: 'engine gone for 6 s', strike: () => socket.cut(6_000), ends: true };
const LONG: Kind = { what: 'engine gone for 25 s', strike: () => socket.cut(25_000), ends: true };
const FULL: Kind = { what: 'disk full for 5 s', strike: () => fill(5_000), ends: true };
const AHEAD: Kind = { what: 'clock set an hour ahead', strike: () => setClock(clock, 3_600), ends: true };
const BACK: Kind = { what: 'clock set an hour back', strike: () => setClock(clock, -3_600), ends: true };

const of =
  (way: Fault['way']) =>
  (kind: Kind, when: RegExp, after = 0): Fault => ({ way, when, after, ...kind });
const [going, returning] = [of('deploy'), of('rollback')];
const [PLAN, RECORDED, READ, KEPT, POINTED, DATABASE, CHAT, ASKING] = [
  /^\s*1\. /m,
  /ok record v2/,
  /ok read/,
  /ok keep/,
  /ok point/,
  /ok switch db/,
  /ok switch chat/,
  /asking every probe/,
];

/** In turns, since each begins where the one before ended. */
const FAULTS: readonly Fault[] = DEEP
  ? [
      [going(KILLED, PLAN, 500), returning(KILLED, PLAN, 500)],
      [going(KILLED, RECORDED), returning(KILLED, KEPT)],
      [going(KILLED, READ), returning(KILLED, POINTED)],
      [going(KILLED, POINTED), returning(KILLED, DATABASE, 1_000)],
      [going(KILLED, DATABASE, 3_000), returning(KILLED, ASKING)],
      [going(KILLED, CHAT, 300), returning(GONE, KEPT)],
      [going(GONE, RECORDED), returning(GONE, DATABASE)],
      [going(GONE, READ), returning(GONE, DATABASE, 2_000)],
      [going(GONE, DATABASE), returning(GONE, CHAT, 300)],
      [going(GONE, DATABASE, 2_000), returning(GONE, ASKING)],
      [going(GONE, CHAT, 700), returning(FULL, KEPT)],
      [going(LONG, DATABASE, 500), returning(BACK, POINTED)],
      [going(FULL, CHAT), returning(FULL, ASKING)],
      [going(AHEAD, DATABASE, 500), returning(AHEAD, POINTED)],
      [going(BACK, DATABASE, 500)],
    ].flat()
  : [
      going(KILLED, DATABASE, 1_500),
      returning(BACK, POINTED),
      going(GONE, DATABASE, 700),
      returning(FULL, KEPT),
    ];

const table = faultTable();

async function goTo(tag: string): Promise<void> {
  const run = tag === 'v2' ? await shop.deploy('v2') : await shop.rollback('--to', 'v1');
  expect(run, run.told).toMatchObject({ code: 0, outcome: 'verified' });
}

describe('a run that something befalls', () => {
  it.each(FAULTS.map(fault => [nameOf(fault), fault] as const))('%s', async (name, fault) => {
    const survived = table.begin(name);
    setClock(clock, 0);
    const { way, when, after, strike, ends } = fault;
    const [before, goal] = way === 'deploy' ? ['v1', 'v2'] : ['v2', 'v1'];
    if ((await shop.version()) !== before) await goTo(before);
    const words =
      way === 'deploy'
        ? ['deploy', 'compose', ...shop.flags(), '--tag', 'v2', '--migration', 'expand']
        : ['rollback', 'compose', ...shop.flags(), '--to', 'v1', '--yes'];
    const { code, told } = await shop.project.struck({ when, after, strike }, ...words);
    if (ends) expect(code, told).toBe(0);
    const answers = async () => expect(await shop.version()).toMatch(/^v[12]$/);
    await vi.waitFor(answers, { timeout: 30_000, interval: 500 });
    if (code !== 0) await goTo(goal);
    expect(await shop.version()).toBe(goal);
    expect(await shop.ids('chat')).toHaveLength(2);
    const known = await shop.project.releases('--platform', 'compose');
    const statuses = Object.fromEntries(known.map(({ id, status, current }) => [id, [status, current]]));
    const [current, former] = [
      ['verified', true],
      ['superseded', false],
    ];
    expect(statuses).toMatchObject(goal === 'v2' ? { v1: former, v2: current } : { v1: current, v2: former });
    survived();
  });
});

describe('two operators', () => {
  const SECOND = DEEP ? [0, 700, 3_000] : [700];

  it.each(SECOND)('of whom the second begins %d ms later: one works, the other is told who', async later => {
    const survived = table.begin(`deploy: a second operator ${later} ms later`);
    setClock(clock, 0);
    if ((await shop.version()) !== 'v1') await goTo('v1');
    const [one, two] = await Promise.all([shop.deploy('v2'), sleep(later).then(() => shop.deploy('v2'))]);
    const codes = [one.code, two.code].sort();
    expect(codes[0], one.told + two.told).toBe(0);
    if (codes[1] !== 0) expect(one.told + two.told).toMatch(/is at work there|has the lock/);
    expect(await shop.version()).toBe('v2');
    expect(await shop.ids('chat')).toHaveLength(2);
    survived();
  });
});
