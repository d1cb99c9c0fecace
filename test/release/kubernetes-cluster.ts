/** As much of an API server as a record needs: objects by path, versions, preconditions, merge patches. */
import type { Answer } from '../../src/platforms/answer.ts';
import type { Cluster, Request } from '../../src/platforms/kubernetes/cluster.ts';

interface Kept {
  metadata: { name: string; resourceVersion: string; labels?: Record<string, string>; annotations?: object };
  [key: string]: unknown;
}

export interface FakeCluster extends Cluster {
  readonly objects: Map<string, Kept>;
  /** What was asked for, in order. */
  readonly asked: string[];
  /** Called before each change; what it returns is answered instead. */
  interfere?: (request: Request) => { status: number; body: string } | undefined;
}

export function fakeCluster(namespaces: readonly string[] = ['chat']): FakeCluster {
  const objects = new Map<string, Kept>();
  const asked: string[] = [];
  const known = new Set(namespaces);
  let version = 0;
  const reply = (status: number, body: unknown = { message: `status ${status}` }) => ({
    value: { status, body: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  const self: FakeCluster = {
    context: 'fake',
    objects,
    asked,
    async send(request) {
      asked.push(`${request.method} ${request.path}`);
      const other = self.interfere?.(request);
      if (other) return { value: other };
      const path = request.path.replace(/\?.*$/, '');
      const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
      const body = structuredClone(request.body) as Kept | undefined;
      const there = objects.get(path);
      switch (request.method) {
        case 'GET':
          if (there) return reply(200, there);
          return /\/namespaces\/[^/]+\/[^/]+$/.test(path)
            ? reply(200, { items: listed(request.path) })
            : reply(404);
        case 'POST': {
          if (path === '/api/v1/namespaces') {
            if (known.has(body?.metadata.name ?? '')) return reply(409);
            known.add(body?.metadata.name ?? '');
            return reply(201, {});
          }
          if (namespace && !known.has(namespace)) return reply(404);
          const place = `${path}/${body?.metadata.name}`;
          if (objects.has(place)) return reply(409);
          return keep(place, body as Kept, 201);
        }
        case 'PUT':
          if (!there) return reply(404);
          return body?.metadata.resourceVersion === there.metadata.resourceVersion
            ? keep(path, body as Kept, 200)
            : reply(409);
        case 'PATCH': {
          if (!there) return reply(404);
          const { resourceVersion, labels } = body?.metadata ?? {};
          if (resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion)
            return reply(409);
          const metadata = { ...there.metadata, labels: { ...there.metadata.labels, ...labels } };
          return keep(path, { ...there, metadata }, 200);
        }
        case 'DELETE': {
          if (!there) return reply(404);
          const { preconditions } = (body ?? {}) as { preconditions?: { resourceVersion?: string } };
          const wanted = preconditions?.resourceVersion;
          if (wanted !== undefined && wanted !== there.metadata.resourceVersion) return reply(409);
          objects.delete(path);
          return reply(200, {});
        }
      }
    },
    async get<T>(path: string, signal: AbortSignal) {
      const { value } = await self.send({ method: 'GET', path }, signal);
      if (value?.status === 404) return { value: undefined };
      return value?.status === 200
        ? { value: JSON.parse(value.body) as T }
        : { obstacle: { why: `answers ${value?.status}`, next: 'look' } };
    },
    async text() {
      return { value: '' };
    },
    async dryRun<T>(_path: string, object: object): Promise<Answer<T>> {
      return { value: object as T };
    },
  };
  const keep = (path: string, object: Kept, status: number) => {
    const kept = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    objects.set(path, kept);
    return reply(status, kept);
  };
  const listed = (path: string): Kept[] => {
    const [folder = '', query = ''] = path.split('?');
    const wanted = decodeURIComponent(/labelSelector=([^&]*)/.exec(query)?.[1] ?? '')
      .split(',')
      .filter(Boolean)
      .map(pair => pair.split('='));
    return [...objects]
      .filter(([place]) => place.startsWith(`${folder}/`))
      .map(([, object]) => object)
      .filter(({ metadata }) => wanted.every(([name = '', value]) => metadata.labels?.[name] === value));
  };
  return self;
}
