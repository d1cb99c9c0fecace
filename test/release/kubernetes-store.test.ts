import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/model/model.ts';
import type { Release } from '../../src/release/release.ts';
import type { Lease } from '../../src/release/store.ts';
import { extended } from '../../src/release/strategies/kubernetes/audit.ts';
import { leftOutOf } from '../../src/release/strategies/kubernetes/record.ts';
import { storeIn } from '../../src/release/strategies/kubernetes/store.ts';
import { fakeCluster } from './kubernetes-cluster.ts';

const signal = new AbortController().signal;
const release = (id: string, sequence: number): Release => ({
  version: 1,
  id,
  sequence,
  platform: 'kubernetes',
  environment: null,
  tag: id,
  images: { api: `ghcr.io/acme/chat:${id}@sha256:${'a'.repeat(64)}` },
  checksums: {},
  files: {},
  secrets: {},
  configuration: 'c',
  content: `content of ${id}`,
  migration: 'none',
  commit: null,
  at: '2026-01-02T03:04:05.000Z',
  by: 'ada@desk',
  previous: null,
  status: 'unverified',
});
const objects = { path: 'objects.json', content: '{"items":[]}\n', mode: 0o644 };
const unit = { path: 'deploy/k8s/base/api.yaml', content: 'kind: Deployment\n', mode: 0o644 };

const made = (namespaces?: readonly string[]) => {
  const cluster = fakeCluster(namespaces);
  const place = { cluster, model: {} as Model, namespace: 'chat', project: 'chat', images: {} };
  return { cluster, store: storeIn(place) };
};

describe('the record', () => {
  test('keeps a release as it is, and says of it only how it went', async () => {
    const { cluster, store } = made();
    expect(await store.add(release('v2', 2), [unit, objects], signal)).toEqual({ value: undefined });
    expect(await store.add(release('v1', 1), [objects], signal)).toEqual({ value: undefined });
    await store.mark('v2', 'verified', signal);
    expect(await store.releases(signal)).toEqual({
      value: [release('v1', 1), { ...release('v2', 2), status: 'verified' }],
    });
    expect((await store.files('v2', signal)).value).toEqual([unit, objects]);
    const kept = cluster.objects.get('/api/v1/namespaces/chat/configmaps/chat.release.2');
    expect(kept).toMatchObject({
      immutable: true,
      metadata: { labels: { 'aideploy.dev/status': 'verified' } },
    });
    const { objects: packed = '' } = (kept?.['binaryData'] ?? {}) as Record<string, string>;
    expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe(objects.content);
  });

  test('takes the same release twice for once, and another one in its place for a fault', async () => {
    const { store } = made();
    await store.add(release('v1', 1), [objects], signal);
    expect(await store.add({ ...release('v1', 1), by: 'eve@desk' }, [], signal)).toEqual({
      value: undefined,
    });
    expect((await store.releases(signal)).value).toEqual([release('v1', 1)]);
    expect((await store.add(release('v9', 1), [], signal)).obstacle?.why).toMatch(/another run recorded/);
  });

  test('a release that is gone is gone, however often it is removed', async () => {
    const { store } = made();
    await store.add(release('v1', 1), [objects], signal);
    expect(await store.remove('v1', signal)).toEqual({ value: undefined });
    expect(await store.remove('v1', signal)).toEqual({ value: undefined });
    expect((await store.files('v1', signal)).obstacle?.why).toMatch(/no record of the release v1/);
    expect((await store.mark('v1', 'failed', signal)).obstacle?.why).toMatch(/no record of the release v1/);
  });

  test('what a ConfigMap has no room for is left out, the objects last of all', async () => {
    const { store } = made();
    // Nothing that gzip could make much smaller.
    const noise = (path: string) => ({
      path,
      mode: 0o644,
      content: randomBytes(1_200_000).toString('base64'),
    });
    const files = [noise('large'), unit, objects];
    expect(leftOutOf(release('v1', 1), files)).toEqual(['large']);
    expect(leftOutOf(release('v1', 1), [unit, objects])).toEqual([]);
    await store.add(release('v1', 1), files, signal);
    expect((await store.files('v1', signal)).value).toEqual([unit, objects]);
    expect(leftOutOf(release('v1', 1), [noise('objects.json')])).toEqual(['objects.json']);
  });

  test('a status is not written over one that changed meanwhile', async () => {
    const { cluster, store } = made();
    await store.add(release('v1', 1), [objects], signal);
    cluster.interfere = ({ method }) =>
      method === 'PATCH' ? { status: 409, body: '{"message":"changed"}' } : undefined;
    expect((await store.mark('v1', 'verified', signal)).obstacle?.why).toMatch(/409 .*changed/);
  });
});

describe('the lease', () => {
  const lease = (token: string, beat = 0): Lease => ({
    token,
    owner: `${token}@desk`,
    action: 'deploy v1',
    since: '2026-01-02T03:04:05.000Z',
    seconds: 30,
    beat,
  });

  test.each<[string, Lease | undefined, Lease | undefined, Lease | undefined, boolean]>([
    ['is taken where there is none', undefined, undefined, lease('a'), true],
    ['is not taken where there is one', lease('b'), undefined, lease('a'), false],
    ['beats', lease('a', 1), lease('a', 1), lease('a', 2), true],
    ['does not beat once it was taken', lease('b', 0), lease('a', 1), lease('a', 2), false],
    ['is taken from one that stands still', lease('b', 7), lease('b', 7), lease('a'), true],
    ['is not taken from one that went on', lease('b', 8), lease('b', 7), lease('a'), false],
    ['is given up', lease('a', 3), lease('a', 3), undefined, true],
    ['is not given up for another', lease('b', 0), lease('a', 3), undefined, false],
    ['an answer that was lost is asked for again', lease('a', 2), lease('a', 1), lease('a', 2), true],
    ['was given up already', undefined, lease('a', 3), undefined, true],
  ])('%s', async (_, held, seen, next, done) => {
    const { store } = made();
    if (held) await store.exchange(undefined, held, signal);
    expect(await store.exchange(seen, next, signal)).toEqual({ value: done });
    expect((await store.lease(signal)).value).toEqual(done ? next : held);
  });

  test('of two who saw the same one comes through', async () => {
    const { cluster, store } = made();
    await store.exchange(undefined, lease('b', 7), signal);
    let first = true;
    cluster.interfere = ({ method }) => {
      if (method !== 'PUT' || !first) return undefined;
      first = false;
      return { status: 409, body: '{}' };
    };
    expect(await store.exchange(lease('b', 7), lease('a'), signal)).toEqual({ value: false });
  });

  test('the first of all makes the namespace', async () => {
    const { cluster, store } = made([]);
    expect(await store.lease(signal)).toEqual({ value: undefined });
    expect(await store.exchange(undefined, lease('a'), signal)).toEqual({ value: true });
    expect(cluster.asked).toContain('POST /api/v1/namespaces');
    expect((await store.lease(signal)).value).toEqual(lease('a'));
  });
});

describe('the audit', () => {
  const line = (action: string) => ({ at: 'now', by: 'ada', action, release: 'v1', outcome: 'done' });

  test('is appended to, also by two at once', async () => {
    const { cluster, store } = made();
    await store.audit(line('one'), signal);
    let first = true;
    cluster.interfere = ({ method }) => {
      if (method !== 'PUT' || !first) return undefined;
      first = false;
      return { status: 409, body: '{}' };
    };
    expect(await store.audit(line('two'), signal)).toEqual({ value: undefined });
    const audit = cluster.objects.get('/api/v1/namespaces/chat/configmaps/chat.audit');
    const { lines = '' } = (audit?.['data'] ?? {}) as Record<string, string>;
    expect(
      lines
        .trim()
        .split('\n')
        .map(each => (JSON.parse(each) as { action: string }).action),
    ).toEqual(['one', 'two']);
  });

  test('keeps what fits, the newest', () => {
    const long = Array.from({ length: 600 }, (_, index) => line(`action ${index} ${'x'.repeat(1_000)}`));
    const all = long.reduce(extended, '');
    expect(Buffer.byteLength(all)).toBeLessThanOrEqual(2 ** 19);
    expect(all.startsWith('{"at"')).toBe(true);
    expect(all.trim().split('\n').at(-1)).toContain('action 599 ');
    expect(extended(all, long[599] ?? line(''))).toBe(all);
  });
});
