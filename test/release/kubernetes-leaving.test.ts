/** Former pods that may still answer what the new ones are asked. */
import { describe, expect, test } from 'vitest';
import { alone } from '../../src/release/strategies/kubernetes/leaving.ts';
import { fileOf } from '../../src/release/strategies/kubernetes/objects.ts';
import type { Place } from '../../src/release/strategies/kubernetes/place.ts';
import type { Goal } from '../../src/release/strategy.ts';
import { fakeCluster } from './kubernetes-cluster.ts';

const CHAT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'chat' },
  spec: { selector: { matchLabels: { app: 'chat' } } },
};

const pod = (name: string, { leaves = false, ended = false, sleep = 0 } = {}) => ({
  metadata: {
    name,
    uid: name,
    labels: { app: 'chat' },
    ...(leaves && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
  spec: { containers: [{ name: 'chat', lifecycle: { preStop: { sleep: { seconds: sleep } } } }] },
  status: { containerStatuses: [{ name: 'chat', state: ended ? { terminated: {} } : { running: {} } }] },
});

/** What each look finds; the last stays. Resolves with the seconds until it was over, and what was said meanwhile. */
async function waited(...looks: object[][]) {
  const cluster = fakeCluster();
  cluster.interfere = ({ path }) => {
    expect(path).toBe('/api/v1/namespaces/chat/pods?labelSelector=app%3Dchat');
    const items = looks.length > 1 ? looks.shift() : looks[0];
    return { status: 200, body: JSON.stringify({ items }) };
  };
  const goal = { release: { id: 'v2' }, files: [fileOf([CHAT])] } as unknown as Goal;
  const place = { cluster, namespace: 'chat' } as unknown as Place;
  const lines: string[] = [];
  const start = performance.now();
  const end = await alone(place, goal).perform({
    signal: new AbortController().signal,
    say: line => lines.push(line),
  });
  expect(end).toEqual({ status: 'done' });
  return { seconds: (performance.now() - start) / 1_000, lines };
}

const SAID = ['old may still get requests'];

describe('before a release is verified', () => {
  test.each([
    ['no pod that leaves', [pod('new', { sleep: 60 })]],
    ['one that has ended', [pod('new'), pod('old', { leaves: true, ended: true, sleep: 60 })]],
  ])('%s is waited for', async (_, pods) => {
    const { seconds, lines } = await waited(pods);
    expect(lines).toEqual([]);
    expect(seconds).toBeLessThan(20);
  });

  test.each([
    ['its preStop', 3],
    ['the time in which proxies hear of it', 2],
  ])('one that drains is waited for as long as %s', async (what, least) => {
    const { seconds, lines } = await waited([
      pod('old', { leaves: true, sleep: what === 'its preStop' ? 3 : 0 }),
    ]);
    expect(lines).toEqual(SAID);
    expect(seconds).toBeGreaterThanOrEqual(least);
  });

  test('one that ends before its preStop is over is not waited for any more', async () => {
    const { seconds, lines } = await waited([pod('old', { leaves: true, sleep: 60 })], []);
    expect(lines).toEqual(SAID);
    expect(seconds).toBeLessThan(30);
  });
});
