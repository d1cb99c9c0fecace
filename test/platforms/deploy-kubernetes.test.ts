/** `deploy`, `rollback` and `releases` on a real cluster: good releases, bad ones, and runs that do not come to their end. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../cli/run.ts';
import { cluster, kubectl, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import { type Behaviour, type Changes, load, type Releases, releasesOf } from './kubernetes-releases.ts';

beforeAll(async () => {
  await engine.up();
  await cluster.up();
});

const said = ({ stdout, stderr }: Answer): string => `${stdout}\n${stderr}`;

describe('from one release to the next, and back', () => {
  let chat: Releases;
  beforeAll(async () => {
    chat = await releasesOf('deploys');
    await chat.image('v1');
    await chat.image('v2');
  });

  it('brings what is there under its hand, v2 with all that is new in it, and all of v1 again', async () => {
    const first = await chat.deploy('v1');
    expect(first.code, said(first)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'verified, current' });
    const before = await chat.objects();
    expect(await chat.answer()).toMatchObject({ version: 'v1', tone: 'calm' });

    const more = {
      redis: {
        image: `127.0.0.1:5000/acme/${chat.name}:v1`,
        port: 6379,
        env: { PORT: '6379' },
        scale: { replicas: 1 },
      },
    };
    await chat.configure({ env: { TONE: 'cheerful' }, services: more });
    const asked = load(`${await urlOf(chat.name, chat.name)}/live`);
    const second = await chat.deploy('v2');
    expect(second.code, said(second)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'superseded', v2: 'verified, current' });
    expect(await chat.answer()).toMatchObject({ version: 'v2', tone: 'cheerful' });
    expect(await chat.objects()).toHaveLength(before.length);
    expect(await chat.objects()).not.toEqual(before);

    const back = await chat.rollback();
    expect(back.code, said(back)).toBe(0);
    expect(await chat.releases()).toEqual({ v1: 'verified, current', v2: 'superseded' });
    expect(await chat.answer()).toMatchObject({ version: 'v1', tone: 'calm' });
    expect(await chat.objects()).toEqual(before);
    const { failures } = await asked.stop();
    expect(failures).toEqual([]);
  });
});

interface Bad {
  readonly how: string;
  readonly image?: Behaviour;
  readonly changes?: Changes;
  /** The first line. */
  readonly cause: RegExp;
}

/** Each lane has a namespace of its own; what waits in one leaves the processors to the others. */
const LANES: readonly (readonly [name: string, cases: readonly Bad[]])[] = [
  [
    'crashes',
    [
      {
        how: 'crashes at its start',
        image: 'crash',
        cause:
          /^Deployment crashes: pod crashes-\S+: (?:CrashLoopBackOff|Error|Restarted) \(.*ended with 1 \(Error\)\); it said last: no model is named v2$/,
      },
      {
        how: 'lacks a key of its configuration',
        image: 'ok',
        changes: { secrets: ['ABSENT_KEY'] },
        cause:
          /^Deployment crashes: pod crashes-\S+: CreateContainerConfigError \(couldn't find key ABSENT_KEY in Secret/,
      },
    ],
  ],
  [
    'answers',
    [
      { how: 'fails its smoke test', image: 'smoke', cause: /^smoke\/chat: POST \/api\/chat: status 500/ },
      { how: 'is slow', image: 'slow', cause: /^smoke\/chat: POST \/api\/chat: .*2/ },
      { how: 'says that it is another version', image: 'version', cause: /^version\S*: .*v1/ },
    ],
  ],
  [
    'starts',
    [
      {
        how: 'is never ready',
        image: 'unready',
        cause: /^Deployment starts: pod starts-\S+: NotReady .*statuscode: 503/,
      },
    ],
  ],
];

describe.concurrent('a release that is bad', () => {
  it.each(LANES)('%s', async (name, cases) => {
    const chat = await releasesOf(name);
    await chat.image('v1');
    const first = await chat.deploy('v1');
    expect(first.code, said(first)).toBe(0);
    const before = await chat.objects();
    const asked = load(`${await urlOf(name, name)}/live`);
    for (const [index, { how, image, changes, cause }] of cases.entries()) {
      const tag = `v${index + 2}`;
      if (image) await chat.image(tag, image, 'v2');
      await chat.configure(changes);
      const second = await chat.deploy(tag);
      expect(second.code, `${how}: ${said(second)}`).toBe(1);
      expect(second.stdout.split('\n')[0], how).toMatch(cause);
      expect(await chat.releases(), how).toMatchObject({ v1: 'verified, current', [tag]: 'failed' });
      expect(await chat.answer(), how).toMatchObject({ version: 'v1', tone: 'calm' });
      expect(await chat.objects(), how).toEqual(before);
    }
    const { asked: requests, failures } = await asked.stop();
    expect(requests).toBeGreaterThan(500);
    expect(failures).toEqual([]);
  });

  it('is stopped by its migrations, or before anything is done', async () => {
    const chat = await releasesOf('migrates', { migrations: true });
    await chat.secret({ CHAT_TOKEN: 'k', DATABASE_URL: 'postgres://chat@db.example.com/chat' });
    await chat.image('v1');
    await chat.image('v2', 'migration');
    const without = await chat.deploy('v1', '--no-verify', '--migration', 'expand');
    expect(said(without)).toMatch(/namespace migrates has no Secret migrates-db-passwords, which pods read/);
    expect(await chat.releases()).toEqual({});
    await kubectl([
      'create',
      'secret',
      'generic',
      'migrates-db-passwords',
      '--from-literal=DATABASE_OWNER_URL=x',
      ...chat.IN,
    ]);
    const first = await chat.deploy('v1', '--no-verify', '--migration', 'expand');
    expect(first.code, said(first)).toBe(0);
    const before = await chat.objects();

    const second = await chat.deploy('v2', '--no-verify', '--migration', 'expand');
    expect(second.code, said(second)).toBe(1);
    expect(second.stdout.split('\n')[0]).toMatch(
      /^the migration failed: pod migrates-migrate-\S+: Error .*column "tone" already exists/,
    );
    expect(await chat.answer()).toMatchObject({ version: 'v1' });
    expect(await chat.objects()).toEqual(before);

    const third = await chat.deploy('v3', '--no-verify', '--migration', 'expand');
    expect(third.code).not.toBe(0);
    expect(said(third)).toMatch(
      /there is no image 127\.0\.0\.1:5000\/acme\/migrates:v3: its registry knows no such tag/,
    );
    expect(await chat.answer()).toMatchObject({ version: 'v1' });
  });
});
