/** Releases on a Cloud Run that stands in: documented command lines alone, the rendered deploy.sh, real requests. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { deploy } from '../../src/release/deploy.ts';
import { type DeployOptions, planDeploy } from '../../src/release/plan-deploy.ts';
import { planRollback, rollback } from '../../src/release/rollback.ts';
import type { Ending, Run, Verdict } from '../../src/release/run.ts';
import { makeWithPause } from '../../src/release/strategies/cloudrun/index.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { createEngine } from '../../src/render/engine.ts';
import { cloudrun } from '../../src/targets/cloudrun/index.ts';
import { createPlace, DIGEST, type Place, type World } from '../targets/cloudrun/place.ts';
import { hash, OPTIONS, orderOf } from './running.ts';

vi.setConfig({ testTimeout: 240_000 });

const CONFIGURATION = `
version: 1
name: chat
image: {registry: us-central1-docker.pkg.dev/some-project/chat}
services:
  api:
    language: go
    port: 8080
    health: {live: /health/live, ready: /health/ready}
    secrets: [KEY_ONE, {name: KEY_TWO, optional: true}]
    files: [{path: /etc/chat/config.yaml, source: config.yaml}]
    public: true
targets:
  cloudrun: {project: some-project, region: us-central1}
verify: {attempts: 2, interval: 1s, timeout: 5s}
`;
const ACCOUNT = 'chat-cloudrun@some-project.iam.gserviceaccount.com';
const IMAGE = 'us-central1-docker.pkg.dev/some-project/chat/chat';
const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(CONFIGURATION)));
const artifacts = cloudrun.render(model, await createEngine());

let place: Place;
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.end();
});

const digestOf = (tag: string) => `${DIGEST.slice(0, -1)}${tag.at(-1)}`;

/** A project whose images and secrets are there, and nothing is deployed. */
async function prepared(): Promise<Strategy> {
  vi.unstubAllEnvs();
  place = await createPlace(CONFIGURATION, { 'config.yaml': 'a: 1\n' });
  for (const [name, value] of Object.entries(place.env)) vi.stubEnv(name, value);
  const secret = (...data: string[]) => ({
    versions: data.map(each => ({ data: Buffer.from(each).toString('base64'), state: 'ENABLED' })),
    policy: { 'roles/secretmanager.secretAccessor': [`serviceAccount:${ACCOUNT}`] },
  });
  place.change(world => {
    Object.assign(world, {
      apis: ['run', 'secretmanager', 'artifactregistry'].map(each => `${each}.googleapis.com`),
      accounts: [ACCOUNT],
      secrets: { 'key-one': secret('one'), 'key-two': secret(), 'chat-file-1': secret() },
      images: Object.fromEntries(['v1', 'v2', 'v3'].map(tag => [`${IMAGE}:${tag}`, digestOf(tag)])),
    } satisfies Partial<World>);
  });
  return strategy();
}

async function strategy(): Promise<Strategy> {
  const surroundings = { model, root: place.folder, hosts: [], build: 'build', commit: null, by: 'me' };
  const { value, obstacle } = await makeWithPause(surroundings, 0);
  if (obstacle) throw new Error(obstacle.why);
  return value;
}

const PASS: Verdict = { verdict: 'pass', summary: 'well', details: [] };
const runOf = (wanted: Strategy, signal: AbortSignal, verdicts: Verdict[] = []): Run => ({
  strategy: wanted,
  by: 'me',
  signal,
  // Each beat is a program of its own.
  times: { beat: 500, holds: 10_000 },
  patience: 0,
  told: { started: () => undefined, said: () => undefined, ended: () => undefined },
  hooks: {
    check: async () => [],
    verify: async () => verdicts.shift() ?? PASS,
    mirror: async () => undefined,
  },
});

const never = () => new AbortController().signal;
async function deploying(tag: string, verdicts: Verdict[] = [], signal = never()): Promise<Ending> {
  const run = runOf(await strategy(), signal, verdicts);
  const files = artifacts.map(({ path, content, mode = 0o644 }) => ({ path, content, mode }));
  const order = { ...orderOf(tag), files, configuration: hash([CONFIGURATION]) };
  const options: DeployOptions = OPTIONS;
  return deploy(run, order, options, await planDeploy(run, order, options));
}

async function goingBack(signal = never()): Promise<Ending> {
  const run = runOf(await strategy(), signal);
  const options = { to: undefined, database: undefined, acrossMigrations: false, verify: true };
  return rollback(run, options, await planRollback(run, options));
}

const chat = () => {
  const service = place.world().services['chat'];
  if (!service) throw new Error('the service is not there');
  return service;
};
const releaseOf = (revision: string) => chat().revisions[revision]?.annotations['aideploy/release'];
/** `v1=100`, with `latest` where it is not pinned. */
const shares = () =>
  chat().traffic.flatMap(({ revisionName, percent, latestRevision }) =>
    percent ? [`${releaseOf(revisionName)}=${percent}${latestRevision ? ' latest' : ''}`] : [],
  );
const record = async () => {
  const { value = [] } = await (await strategy()).store.releases(never());
  return value.map(({ id, status }) => `${id} ${status}`);
};
const standing = async () => (await (await strategy()).inspect(never())).value;

describe('a release on Cloud Run', () => {
  test('v1, v2 with another key, and back to v1 with the key it had', async () => {
    const first = await prepared();
    expect((await first.inspect(never())).value).toEqual({ current: undefined, empty: true });
    expect(await deploying('v1')).toMatchObject({ outcome: 'verified', cause: undefined });
    expect(shares()).toEqual(['v1=100']);
    place.change(world => {
      world.secrets['key-one']?.versions.push({ data: 'dHdv', state: 'ENABLED' });
    });
    expect(await deploying('v2')).toMatchObject({ outcome: 'verified' });
    expect(shares()).toEqual(['v2=100']);
    expect(
      place.calls.filter(({ command }) => command === 'run services update-traffic').map(percent),
    ).toEqual([100, 10, 50, 100]);
    const made = Object.keys(chat().revisions);
    expect(await goingBack()).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(shares()).toEqual(['v1=100']);
    expect(Object.keys(chat().revisions)).toEqual(made);
    expect(JSON.stringify(chat().revisions[made[0] ?? '']?.spec)).toContain('"name":"key-one","key":"1"');
    expect(JSON.stringify(chat().revisions[made[1] ?? '']?.spec)).toContain('"name":"key-one","key":"2"');
    expect(await record()).toEqual(['v1 verified', 'v2 superseded']);
    expect(await standing()).toEqual({ current: 'v1', empty: false });
    // The pin is moved on by the next deploy.
    expect(await deploying('v3')).toMatchObject({ outcome: 'verified' });
    expect(shares()).toEqual(['v3=100']);
  });

  const percent = ({ args }: { readonly args: readonly string[] }) =>
    Number(/=(\d+)$/.exec(args.find(word => word.startsWith('--to-revisions=')) ?? '')?.[1]);

  test('a revision that is gone is made again, of the image and the key that it had', async () => {
    await prepared();
    await deploying('v1');
    await deploying('v2');
    place.change(world => {
      world.secrets['key-one']?.versions.push({ data: 'dHdv', state: 'ENABLED' });
      world.images[`${IMAGE}:v1`] = digestOf('v9');
      const { revisions = {} } = world.services['chat'] ?? {};
      for (const [name, { annotations }] of Object.entries(revisions))
        if (annotations['aideploy/release'] === 'v1') delete revisions[name];
    });
    expect(await goingBack()).toMatchObject({ outcome: 'verified' });
    const again = Object.values(chat().revisions).find(each => each.annotations['aideploy/release'] === 'v1');
    expect(JSON.stringify(again?.spec)).toContain(digestOf('v1'));
    expect(JSON.stringify(again?.spec)).toContain('"name":"key-one","key":"1"');
  });

  test('what was deployed by hand is no release, and is kept until ours serves', async () => {
    await prepared();
    expect(await place.run('deploy.sh', ['--tag', 'v1'])).toMatchObject({ code: 0 });
    expect(await standing()).toEqual({ current: undefined, empty: false });
    expect(await deploying('v2')).toMatchObject({ outcome: 'verified' });
    expect(shares()).toEqual(['v2=100']);
  });
});

describe('from another folder', () => {
  const elsewhere = () => rm(join(place.folder, '.aideploy'), { recursive: true });

  test('the revisions are the record: one goes back, and what fails is taken back', async () => {
    await prepared();
    await deploying('v1');
    await deploying('v2');
    await elsewhere();
    expect(await record()).toEqual(['v1 superseded', 'v2 verified']);
    const { value = [] } = await (await strategy()).store.releases(never());
    expect(value[0]).toMatchObject({
      tag: 'v1',
      images: { chat: `${IMAGE}@${digestOf('v1')}` },
      secrets: { 'key-one': '1', 'chat-file-1': '1' },
      content: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await deploying('v2')).toMatchObject({ release: 'v2', outcome: 'verified' });
    await elsewhere();
    expect(await goingBack()).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(shares()).toEqual(['v1=100']);
    await elsewhere();
    place.change(world => world.broken.push(digestOf('v3')));
    expect(await deploying('v3')).toMatchObject({ outcome: 'rolled-back' });
    expect(shares()).toEqual(['v1=100']);
  });

  test('what failed there is never chosen', async () => {
    await prepared();
    await deploying('v1');
    await deploying('v2', [{ verdict: 'fail', summary: 'smoke: 500', details: [] }]);
    await deploying('v3');
    await elsewhere();
    expect(await record()).toEqual(['v1 superseded', 'v2 unverified', 'v3 verified']);
    expect(await goingBack()).toMatchObject({ release: 'v1', outcome: 'verified' });
  });
});

const BROKEN: readonly [what: string, breaks: (world: World) => void, cause: RegExp, verdict?: Verdict][] = [
  [
    'crashes at its start',
    world => {
      world.broken.push(digestOf('v2'));
      world.logs['chat-v2'] = ['starting', 'panic: no such model', 'goroutine 1 [running]:'];
    },
    /^chat-v2-\w+ did not become ready: panic: no such model$/,
  ],
  [
    'is never ready, and says nothing',
    world => world.broken.push(digestOf('v2')),
    /^chat-v2-\w+ did not become ready: The user-provided container failed the configured startup probe/,
  ],
  [
    'fails at its own URL',
    () => place.behave(({ host }) => (host.startsWith('candidate---') ? 503 : 200)),
    /^https:\/\/candidate---chat-.*\/health\/live: not well after 2 attempts$/,
  ],
  [
    'fails once it has traffic',
    () => {
      place.behave(({ host }) => (host.startsWith('candidate---') && shares().includes('v2=10') ? 503 : 200));
    },
    /^https:\/\/candidate---chat-.*: not well after 2 attempts$/,
  ],
  [
    'does not pass when it is verified',
    () => undefined,
    /^smoke: 500$/,
    { verdict: 'fail', summary: 'smoke: 500', details: [] },
  ],
];

describe('a release that is bad', () => {
  test.each(BROKEN)('one that %s: v1 serves all', async (_, breaks, cause, verdict) => {
    await prepared();
    await deploying('v1');
    place.change(breaks);
    const ending = await deploying('v2', verdict ? [verdict] : []);
    expect(ending).toMatchObject({ outcome: 'rolled-back', cause: expect.stringMatching(cause) });
    expect(shares()).toEqual(['v1=100']);
    expect(await record()).toEqual(['v1 verified', 'v2 failed']);
  });

  test.each<[what: string, breaks: (world: World) => void, why: RegExp]>([
    [
      'its image',
      world => {
        delete world.images[`${IMAGE}:v2`];
      },
      /^there is no image .*:v2; build and push it: scripts\/build\.sh --tag v2 --push$/,
    ],
    [
      'a secret',
      world => {
        delete world.secrets['key-one'];
      },
      /^the secret key-one has no enabled version; give it one: deploy\/cloudrun\/setup\.sh$/,
    ],
    [
      'every version of a secret',
      world => {
        for (const version of world.secrets['key-one']?.versions ?? []) version.state = 'DISABLED';
      },
      /^the secret key-one has no enabled version/,
    ],
  ])('without %s nothing is begun', async (_, breaks, why) => {
    await prepared();
    await deploying('v1');
    place.change(breaks);
    await expect(deploying('v2')).rejects.toThrow(why);
    expect(shares()).toEqual(['v1=100']);
    expect(await record()).toEqual(['v1 verified']);
  });

  test('who may not deploy spoils no release', async () => {
    await prepared();
    await deploying('v1');
    place.change(world => {
      world.fail = 'run services replace';
    });
    expect(await deploying('v2')).toMatchObject({
      outcome: 'unverified',
      unanswered: true,
      cause: 'gcloud: PERMISSION_DENIED: as the test wants it',
    });
    place.change(world => {
      world.fail = null;
    });
    expect(await record()).toEqual(['v1 verified', 'v2 unverified']);
    expect(await deploying('v2')).toMatchObject({ outcome: 'verified' });
  });
});

/** Of a deploy, each is a point at which it may end; all of them in the deep form. */
const EVERY = process.env['AIDEPLOY_DEEP'] ? 1 : 9;

describe('a run that ends in the middle', () => {
  async function atEveryCall(
    act: (signal: AbortSignal) => Promise<Ending>,
    prepare: () => Promise<unknown>,
    check: (call: number) => Promise<void>,
  ): Promise<number> {
    await prepare();
    const from = place.calls.length;
    await act(never());
    const calls = place.calls.length - from;
    let tried = 0;
    for (let call = 1; call <= calls; call += EVERY, tried++) {
      await place.end();
      await prepare();
      const controller = new AbortController();
      let count = 0;
      place.watch(() => {
        count += 1;
        if (count === call) controller.abort();
      });
      await act(controller.signal).catch(() => undefined);
      await check(call);
    }
    return tried;
  }

  const twoReleases = async () => {
    await prepared();
    await deploying('v1');
    await deploying('v2');
  };

  test('of a deploy: something serves, and the next deploy finishes it', async () => {
    const tried = await atEveryCall(
      signal => deploying('v2', [], signal),
      async () => {
        await prepared();
        await deploying('v1');
      },
      async call => {
        const sum = chat().traffic.reduce((all, { percent = 0 }) => all + percent, 0);
        expect(sum, `call ${call}`).toBe(100);
        expect(await deploying('v2'), `call ${call}`).toMatchObject({ outcome: 'verified' });
        expect(shares()).toEqual(['v2=100']);
        expect(await record()).toEqual(['v1 superseded', 'v2 verified']);
      },
    );
    expect(tried).toBeGreaterThan(3);
  });

  test('of a rollback: it is there, or the next one finishes it', async () => {
    const tried = await atEveryCall(goingBack, twoReleases, async call => {
      if ((await standing())?.current === 'v2')
        expect(await goingBack(), `call ${call}`).toMatchObject({ outcome: 'verified' });
      expect(shares()).toEqual(['v1=100']);
    });
    expect(tried).toBeGreaterThan(0);
  });
});

describe('the lease', () => {
  const lease = (token: string, beat = 0) => ({
    token,
    owner: 'me, "myself" & I',
    action: 'deploy v1',
    since: 'now',
    seconds: 20,
    beat,
  });

  test('one of two gets it, and whoever looked too long ago does not', async () => {
    const { store } = await prepared();
    const both = await Promise.all(['a', 'b'].map(token => store.exchange(undefined, lease(token), never())));
    expect(both.filter(({ value }) => value === true)).toHaveLength(1);
    const { value: held } = await store.lease(never());
    if (!held) throw new Error('nobody has it');
    expect((await store.exchange(undefined, lease('c'), never())).value).toBe(false);
    expect((await store.exchange(held, { ...held, beat: 1 }, never())).value).toBe(true);
    expect((await store.exchange(held, undefined, never())).value).toBe(false);
    expect((await store.exchange({ ...held, beat: 1 }, undefined, never())).value).toBe(true);
    expect((await store.lease(never())).value).toBeUndefined();
  });

  test('is with the platform, the record in the project', async () => {
    await prepared();
    await deploying('v1');
    expect(place.world().secrets['chat-deploy-lease']).toMatchObject({ versions: [], annotations: {} });
    const kept = join(place.folder, '.aideploy', 'releases', 'cloudrun', 'v1');
    expect(JSON.parse(await readFile(join(kept, 'release.json'), 'utf8'))).toMatchObject({
      images: { chat: `${IMAGE}@${digestOf('v1')}` },
      secrets: { 'key-one': '1' },
      status: 'verified',
    });
    expect(await readFile(join(kept, 'files', 'config.yaml'), 'utf8')).toBe('a: 1\n');
  });
});
