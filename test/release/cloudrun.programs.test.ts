/** Releases on a Cloud Run that stands in: good ones, bad ones, and the way back. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Verdict } from '../../src/release/run.ts';
import type { World } from '../targets/cloudrun/place.ts';
import {
  chat,
  deploying,
  digestOf,
  goingBack,
  IMAGE,
  left,
  never,
  place,
  prepared,
  record,
  shares,
  standing,
  strategy,
} from './cloudrun-project.ts';
import { COMMIT } from './cloudrun-run.ts';

vi.setConfig({ testTimeout: 240_000 });
afterEach(left);

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

  test('an image that is given by its digest comes instead of what the tag stands for', async () => {
    await prepared();
    place.change(world => {
      delete world.images[`${IMAGE}:v1`];
    });
    const given = { api: `${IMAGE}@${digestOf('v7')}` };
    expect(await deploying('v1', [], never(), given)).toMatchObject({ outcome: 'verified' });
    expect(JSON.stringify(chat().revisions)).toContain(`"image":"${IMAGE}@${digestOf('v7')}"`);
    expect(place.calls.map(({ command }) => command)).not.toContain('artifacts docker images describe');
    const other = { api: `ghcr.io/acme/chat@${digestOf('v7')}` };
    await expect(deploying('v1', [], never(), other)).rejects.toThrow(
      `--image api=ghcr.io/acme/chat@${digestOf('v7')}: Cloud Run has the images of api from ${IMAGE}, as image.registry of aideploy.yaml says; push it to ${IMAGE}`,
    );
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
      commit: COMMIT,
      by: 'me',
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

  test('of two operators one deploys, and the other is told who is at work', async () => {
    await prepared();
    await deploying('v1');
    const both = await Promise.allSettled([deploying('v2'), deploying('v3')]);
    const [done] = both.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    const [refused] = both.flatMap(each => (each.status === 'rejected' ? [String(each.reason)] : []));
    expect(done).toMatchObject({ outcome: 'verified' });
    expect(refused).toMatch(/me is at work there: deploy v[23], since/);
    expect(shares()).toEqual([`${done?.release}=100`]);
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
