/**
 * Runs of `deploy` and `rollback` that are killed, API servers that go away in the middle of them, clocks that jump, two
 * operators at once, a full disk: the service answers all along, the record is true, and the same command finishes the
 * work. AIDEPLOY_DEEP tries every point.
 */
import { execFileSync } from 'node:child_process';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '../cli/run.ts';
import { type ApiServer, apiServer } from './api-server.ts';
import { cluster, kubectl, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import { ending, load, type Releases, releasesOf } from './kubernetes-releases.ts';

const DEEP = process.env['AIDEPLOY_DEEP'] !== undefined;
const DAY = 86_400_000;

type Way = 'deploy' | 'rollback';
type Kind = 'killed' | 'API server gone' | 'API server silent' | 'clock a day ahead' | 'clock a day back';

/** Happens to a run when it has printed a line that begins so, and this many milliseconds went by. */
type Fault = readonly [way: Way, kind: Kind, after: string, delay: number];

const STEPS: Readonly<Record<Way, readonly string[]>> = {
  deploy: [
    'kubernetes: ',
    'ok record v2',
    'ok ask',
    'ok apply',
    '   Deployment',
    'ok wait',
    'ok delete',
    'ok verify',
  ],
  rollback: ['kubernetes: ', 'ok apply', '   Deployment', 'ok wait', 'ok delete', 'ok verify'],
};

const everyPoint = (way: Way): Fault[] => [
  ...STEPS[way].flatMap((after): Fault[] => [
    [way, 'killed', after, 0],
    [way, 'killed', after, 120],
    [way, 'API server gone', after, 0],
    [way, 'API server silent', after, 0],
  ]),
  [way, 'clock a day ahead', '   Deployment', 0],
  [way, 'clock a day back', '   Deployment', 0],
];

const FAULTS: readonly Fault[] = DEEP
  ? [...everyPoint('deploy'), ...everyPoint('rollback')]
  : [
      ['deploy', 'killed', 'ok ask', 120],
      ['rollback', 'API server gone', 'ok apply', 0],
      ['deploy', 'API server silent', '   Deployment', 0],
      ['rollback', 'clock a day ahead', '   Deployment', 0],
    ];

/** How long an API server stays away: shorter than a run waits for it. */
const ABSENCE = 6_000;
const CLOCK = fileURLToPath(new URL('fixtures/clock.mjs', import.meta.url));
const table: string[] = [];
let chat: Releases;
let server: ApiServer;

beforeAll(async () => {
  await engine.up();
  await cluster.up();
  chat = await releasesOf('faults');
  server = await apiServer(chat.env['KUBECONFIG'] ?? '');
  await chat.image('v1');
  await chat.image('v2');
  const first = await chat.deploy('v1');
  expect(first.code, first.stdout + first.stderr).toBe(0);
});

afterAll(() => {
  server.close();
  const lost = table.filter(line => line.endsWith('lost'));
  console.info(
    `${table.join('\n')}\nfaults tried ${table.length}, survived ${table.length - lost.length}, lost ${lost.length}`,
  );
});

/** A line of the table that is there also where the test fails; and requests all the while, each of which is answered. */
async function survives(name: string, work: () => Promise<void>): Promise<void> {
  table.push(`${name}: lost`);
  const asked = load(`${await urlOf(chat.name, chat.name)}/live`);
  await work();
  const { failures } = await asked.stop();
  expect(failures).toEqual([]);
  expect(await kubectl(['get', 'leases', ...chat.IN, '--output', 'name'])).toBe('');
  table[table.length - 1] = `${name}: survived`;
}

const wordsOf = async (way: Way): Promise<string[]> =>
  way === 'deploy'
    ? chat.deploying('v2')
    : ['rollback', 'kubernetes', '--to', 'v1', '--yes', ...(await chat.at())];

/** The same command once more, or the one that leads back to where a case begins. */
async function bring(release: 'v1' | 'v2'): Promise<void> {
  const run = release === 'v2' ? await chat.deploy('v2') : await chat.rollback('--to', 'v1');
  expect(run.code, run.stdout + run.stderr).toBe(0);
}

const RECORDS = {
  v1: { v1: 'verified, current', v2: 'superseded' },
  v2: { v1: 'superseded', v2: 'verified, current' },
} as const;

/** A run with this clock, which is right unless it is told otherwise, and jumps at a signal. */
const clock = (jump: number, begin = 0) => ({
  NODE_OPTIONS: `--import ${CLOCK}`,
  CLOCK_BEGIN: String(begin),
  CLOCK_JUMP: String(jump),
});

describe('a run to which something happens', () => {
  const cases = FAULTS.map(fault => {
    const [way, kind, after, delay] = fault;
    return [`${way}, ${kind} ${delay} ms after "${after.trim()}"`, fault] as const;
  });
  it.each(cases)('%s', async (name, [way, kind, after, delay]) => {
    const [before, goal] = way === 'deploy' ? (['v1', 'v2'] as const) : (['v2', 'v1'] as const);
    if (!(await chat.releases())[before]?.includes('current')) await bring(before);
    await survives(name, async () => {
      const jump = kind === 'clock a day ahead' ? DAY : -DAY;
      const child = chat.start(await wordsOf(way), { KUBECONFIG: server.kubeconfig, ...clock(jump) });
      const { code, text } = await ending(child, after, async () => {
        await sleep(delay);
        if (kind === 'killed') child.kill('SIGKILL');
        else if (kind === 'API server gone') await server.away('gone', ABSENCE);
        else if (kind === 'API server silent') await server.away('silent', ABSENCE);
        else child.kill('SIGUSR2');
      });
      if (kind !== 'killed') expect(code, text).toBe(0);
      expect(['v1', 'v2']).toContain((await chat.answer()).version);
      if (code === 0) expect((await chat.answer()).version).toBe(goal);
      else if (way === 'deploy') expect((await chat.releases())['v2'] ?? 'none').not.toMatch(/failed/);
      await bring(goal);
      expect(await chat.answer()).toMatchObject({ version: goal });
      expect(await chat.releases()).toEqual(RECORDS[goal]);
    });
  });
});

describe('two operators at once', () => {
  const CLOCKS: readonly (readonly [name: string, one: number, other: number])[] = [
    ['deploy and rollback, the clock of the second a day ahead', 0, DAY],
    ...(DEEP
      ? ([
          ['deploy and rollback, the clock of the second a day back', 0, -DAY],
          ['deploy and rollback', 0, 0],
        ] as const)
      : []),
  ];
  it.each(CLOCKS)('%s: one does it, the other is told who', async (name, one, other) => {
    if (!(await chat.releases())['v1']?.includes('current')) await bring('v1');
    await survives(`two at once: ${name}`, async () => {
      const first = chat.start(await wordsOf('deploy'), clock(0, one));
      const back = ['rollback', 'kubernetes', '--to', 'v1', '--yes', ...(await chat.at())];
      let second: Awaited<ReturnType<typeof ending>> | undefined;
      const done = await ending(first, 'ok record v2', async () => {
        second = await ending(chat.start(back, clock(0, other)), 'kubernetes: ', async () => undefined);
      });
      expect(done.code, done.text).toBe(0);
      expect(second?.code, second?.text).toBe(3);
      expect(second?.text).toMatch(/is at work there: deploy v2/);
      expect(await chat.answer()).toMatchObject({ version: 'v2' });
      expect(await chat.releases()).toEqual(RECORDS.v2);
    });
  });
});

it('a disk without room for the copy of the record: the deploy is told, and the next run copies it', async () => {
  if (!(await chat.releases())['v1']?.includes('current')) await bring('v1');
  const folder = join(chat.folder, '.aideploy');
  const copy = join(await project(), 'copy');
  await cp(folder, copy, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  try {
    await cp(copy, folder, { recursive: true });
    await rm(join(folder, 'releases'), { recursive: true, force: true });
    const filling = join(folder, 'filling');
    await writeFile(filling, Buffer.alloc(2 ** 20)).catch(() => undefined);
    await survives('deploy, no room for .aideploy/releases', async () => {
      const run = await chat.deploy('v2');
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.stderr).toMatch(/the record was not copied: \.aideploy\/releases\/.*: the disk is full/);
      expect(await chat.answer()).toMatchObject({ version: 'v2' });
      await rm(filling);
      expect(await chat.releases()).toEqual(RECORDS.v2);
      expect(await readdir(join(folder, 'releases'))).toEqual([
        '.gitignore',
        'kubernetes-base-v1.json',
        'kubernetes-base-v2.json',
      ]);
    });
  } finally {
    execFileSync('umount', [folder]);
  }
});
