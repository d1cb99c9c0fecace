/** What a deploy takes away that its release does not have any more, where it may not see all there is. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/platforms/kubernetes/discovery.ts';
import { PROJECT } from '../../src/platforms/kubernetes/marks.ts';
import type { Place } from '../../src/release/strategies/kubernetes/place.ts';
import { prune } from '../../src/release/strategies/kubernetes/prune.ts';
import { fakeCluster } from './kubernetes-cluster.ts';

const ROUTE: KubeObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'chat', namespace: 'chat' },
};

const CHAT: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'chat' } };

/** Every kind has a list; that of routes is answered with this status. */
function clusterWith(status: number) {
  const cluster = fakeCluster();
  const lists: Record<string, { name: string; kind: string; namespaced: boolean }[]> = {
    '/apis/gateway.networking.k8s.io/v1': [{ name: 'httproutes', kind: 'HTTPRoute', namespaced: true }],
    '/apis/apps/v1': [{ name: 'daemonsets', kind: 'DaemonSet', namespaced: true }],
  };
  cluster.interfere = ({ method, path }) => {
    const resources = lists[path];
    if (resources) return { status: 200, body: JSON.stringify({ resources }) };
    if (method === 'GET' && path.includes('/httproutes')) return { status, body: '{"message":"forbidden"}' };
    return method === 'GET' && path.includes('/daemonsets') ? { status: 403, body: '{}' } : undefined;
  };
  return cluster;
}

const pruning = (status: number, former: readonly KubeObject[]) =>
  prune(
    { cluster: clusterWith(status), namespace: 'chat', project: 'chat' } as unknown as Place,
    [],
    former,
    { signal: new AbortController().signal, say: () => undefined },
  );

test('what pods of a former template need to return stays', async () => {
  const cluster = fakeCluster();
  const map = (name: string) => ({ metadata: { name, resourceVersion: '1', labels: { [PROJECT]: 'chat' } } });
  const maps = '/api/v1/namespaces/chat/configmaps';
  for (const name of ['env-old', 'files-old', 'env-older']) cluster.objects.set(`${maps}/${name}`, map(name));
  const spec = {
    containers: [{ envFrom: [{ configMapRef: { name: 'env-old' } }] }],
    volumes: [{ projected: { sources: [{ configMap: { name: 'files-old' } }] } }],
  };
  const replicaSet = (owner: string, pods: object) => {
    const { metadata } = map(`${owner}-1`);
    const ownerReferences = [{ kind: 'Deployment', name: owner }];
    cluster.objects.set(`/apis/apps/v1/namespaces/chat/replicasets/${owner}-1`, {
      metadata: { ...metadata, ownerReferences },
      spec: { template: { spec: pods } },
    } as never);
  };
  replicaSet('chat', spec);
  // What is deleted takes its former pods with it.
  replicaSet('redis', { volumes: [{ configMap: { name: 'env-older' } }] });
  cluster.interfere = ({ path }) =>
    path === '/api/v1'
      ? {
          status: 200,
          body: JSON.stringify({ resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] }),
        }
      : undefined;
  const place = { cluster, namespace: 'chat', project: 'chat' } as unknown as Place;
  const control = { signal: new AbortController().signal, say: () => undefined };
  expect(await prune(place, [CHAT], [], control)).toEqual({
    status: 'done',
    note: 'deleted ConfigMap env-older',
  });
  expect([...cluster.objects.keys()].filter(path => path.startsWith(maps))).toEqual([
    `${maps}/env-old`,
    `${maps}/files-old`,
  ]);
});

test('a kind that nobody applied need not be seen', async () => {
  expect(await pruning(403, [])).toMatchObject({ status: 'done' });
});

test('of a kind that was applied nothing is left behind in silence', async () => {
  expect(await pruning(403, [ROUTE])).toMatchObject({
    status: 'obstructed',
    obstacle: { why: expect.stringContaining('403') },
  });
});
