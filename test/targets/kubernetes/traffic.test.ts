/** Where a request goes, by the rules that Gateways and Ingress controllers have, and how long they wait for it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../src/model/model.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { duration, encoded } from '../../../src/targets/kubernetes/gateway.ts';
import type { KubeObject } from '../../../src/targets/kubernetes/object.ts';
import { configMaps, objects } from '../../../src/targets/kubernetes/objects.ts';
import { modelOf } from '../../model/models.ts';
import { runs } from '../../render/runs.ts';

const engine = await createEngine();

interface Entry {
  readonly path: string;
  readonly exact: boolean;
  readonly answer: string;
}

/** The most exact first, then the longest: both APIs say so. Prefixes are whole segments. */
function answer(entries: readonly Entry[], path: string): string {
  const found = entries
    .filter(entry =>
      entry.exact
        ? entry.path === path
        : entry.path === '/' || path === entry.path || path.startsWith(`${entry.path.replace(/\/$/, '')}/`),
    )
    .toSorted((a, b) => Number(b.exact) - Number(a.exact) || b.path.length - a.path.length);
  return found[0]?.answer ?? 'nobody';
}

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked at as their readers do
type Loose = any;

const ofKind = (model: Model, kind: string): Loose[] =>
  objects(model)
    .map(({ object }) => object as Loose)
    .filter(object => object.kind === kind);

const gatewayEntries = (model: Model): Entry[] =>
  ofKind(model, 'HTTPRoute').flatMap(({ spec }) =>
    spec.rules.flatMap((rule: Loose) =>
      rule.matches.map(({ path }: Loose) => ({
        path: path.value,
        exact: path.type === 'Exact',
        answer: rule.backendRefs
          ? `${rule.backendRefs[0].name}:${rule.backendRefs[0].port} ${rule.timeouts.request}`
          : 'refused',
      })),
    ),
  );

/** Of a port's name; the Service that is named may be one for gRPC alone. */
function portOf(model: Model, name: string, port: string): number {
  const service = ofKind(model, 'Service').find(({ metadata }) => metadata.name === name);
  return service.spec.ports.find((each: Loose) => each.name === port).port;
}

const NGINX = 'nginx.ingress.kubernetes.io';

const ingressEntries = (model: Model): Entry[] =>
  ofKind(model, 'Ingress').flatMap(({ metadata, spec }) =>
    spec.rules[0].http.paths.map(({ path, pathType, backend: { service } }: Loose) => {
      const { annotations } = metadata;
      const middlewares = annotations['traefik.ingress.kubernetes.io/router.middlewares'] ?? '';
      const refused = annotations[`${NGINX}/denylist-source-range`] || middlewares.includes('-refused@');
      const read = annotations[`${NGINX}/proxy-read-timeout`];
      const wait = read === undefined ? '' : ` ${read}s`;
      const name = service.name.replace(/-grpc$/, '');
      return {
        path,
        exact: pathType === 'Exact',
        answer: refused ? 'refused' : `${name}:${portOf(model, service.name, service.port.name)}${wait}`,
      };
    }),
  );

const SERVICES = `
version: 1
name: chat
domain: chat.example.com
services:
  api:
    language: go
    port: 8080
    metrics: {path: /metrics}
    grpc: {port: 50051, service: mcp.MCPService}
    health: {live: /health/live, ready: /health/ready, deep: /health}
    stream: {kind: sse, paths: [/chat/stream, /ws/], maxDuration: 48h}
    timeouts: {request: 60s}
    limits: {body: 10Mi, rps: 0.5, concurrency: 8}
    scale: {replicas: 3}
    public: true
  tools:
    language: node
    port: 9090
    metrics: {path: /}
    health: {live: /live, ready: /live}
    public: /tools
  inner:
    language: node
    port: 7070
    health: {live: /live, ready: /live}
targets:
  kubernetes: `;

const REQUESTS: readonly [path: string, answer: string, wait: string][] = [
  ['/', 'chat-api:8080', '65s'],
  ['/anything', 'chat-api:8080', '65s'],
  ['/metrics', 'refused', ''],
  ['/metrics/', 'refused', ''],
  ['/metricsx', 'chat-api:8080', '65s'],
  ['/health', 'refused', ''],
  ['/health/database', 'refused', ''],
  ['/health/live', 'chat-api:8080', '65s'],
  ['/health/ready', 'chat-api:8080', '65s'],
  ['/debug/pprof/heap', 'refused', ''],
  ['/debug/vars', 'refused', ''],
  ['/chat/stream', 'chat-api:8080', '172805s'],
  ['/chat/stream/1', 'chat-api:8080', '172805s'],
  ['/chat/streams', 'chat-api:8080', '65s'],
  ['/ws/', 'chat-api:8080', '172805s'],
  ['/mcp.MCPService/CallTool', 'chat-api:50051', '172805s'],
  ['/tools', 'chat-tools:9090', '65s'],
  ['/tools/metrics', 'chat-tools:9090', '65s'],
];

describe.each([
  ['a Gateway', '{expose: {gateway: infra/public}}', gatewayEntries],
  ['ingress-nginx', '{expose: {kind: ingress, class: nginx}}', ingressEntries],
  ['Traefik', '{expose: {kind: ingress, class: traefik}}', ingressEntries],
] as const)('%s', (name, settings, entriesOf) => {
  const entries = entriesOf(modelOf(SERVICES + settings));
  // Traefik waits by what is said of the Service.
  const waits = name !== 'Traefik';
  test.each(REQUESTS)('%s: %s', (path, target, wait) => {
    const said = wait === '172805s' && name === 'a Gateway' ? '48h5s' : wait;
    expect(answer(entries, path)).toBe(waits && target !== 'refused' ? `${target} ${said}` : target);
  });
});

describe('an Ingress', () => {
  const annotationsOf = (settings: string): Record<string, Record<string, string>> =>
    Object.fromEntries(
      ofKind(modelOf(SERVICES + settings), 'Ingress').map(({ metadata }) => [
        metadata.name,
        metadata.annotations,
      ]),
    );

  test('of ingress-nginx has the limits of the service, passes streams on at once and never twice', () => {
    const all = annotationsOf('{expose: {kind: ingress, issuer: letsencrypt, auth: basic}}');
    expect(all['chat-api']).toMatchObject({
      'cert-manager.io/cluster-issuer': 'letsencrypt',
      [`${NGINX}/proxy-body-size`]: '10485760',
      [`${NGINX}/limit-rpm`]: '30',
      [`${NGINX}/auth-secret`]: 'basic-auth',
    });
    expect(all['chat-api-stream']).toMatchObject({
      [`${NGINX}/proxy-buffering`]: 'off',
      [`${NGINX}/proxy-next-upstream`]: 'off',
      [`${NGINX}/auth-type`]: 'basic',
    });
    expect(all['chat-api-grpc']).toMatchObject({ [`${NGINX}/backend-protocol`]: 'GRPC' });
    const names = Object.values(all).flatMap(each => Object.keys(each));
    expect(names.filter(name => name === 'cert-manager.io/cluster-issuer')).toHaveLength(1);
    // Controllers refuse those unless their operator allows them.
    expect(names.filter(name => name.includes('snippet'))).toEqual([]);
  });

  test('of Traefik names middlewares that are there, by the namespace of each environment', () => {
    const settings = '{namespace: here, expose: {kind: ingress, class: traefik, auth: basic}}';
    const model = modelOf(`${SERVICES}${settings}\nenvironments: {staging: {}}`, 'staging');
    const there = ofKind(model, 'Middleware').map(
      ({ metadata }) => `here-staging-${metadata.name}@kubernetescrd`,
    );
    const named = ofKind(model, 'Ingress').flatMap(({ metadata }) =>
      (metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] ?? '')
        .split(',')
        .filter(Boolean),
    );
    expect([...new Set(named)].toSorted()).toEqual(there.toSorted());
    const stream = ofKind(model, 'Ingress').find(({ metadata }) => metadata.name === 'chat-api-stream');
    // What measures a body holds back the answer too.
    expect(stream.metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares']).toBe(
      'here-staging-chat-auth@kubernetescrd,here-staging-chat-api-rate@kubernetescrd,here-staging-chat-api-concurrency@kubernetescrd',
    );
    const limits = Object.fromEntries(
      ofKind(model, 'Middleware').map(({ metadata, spec }) => [metadata.name, spec]),
    );
    expect(limits['chat-api-rate']).toEqual({ rateLimit: { average: 30, period: '1m', burst: 1 } });
    expect(limits['chat-api-concurrency']).toEqual({ inFlightReq: { amount: 24 } });
    expect(limits['chat-api-body']).toEqual({ buffering: { maxRequestBodyBytes: 10_485_760 } });
  });
});

describe('a Gateway', () => {
  const kinds = (settings: string): string[] =>
    objects(modelOf(SERVICES + settings)).map(({ object }: { object: KubeObject }) => object.kind);

  test.each([
    ['nothing where nobody asked for it', '{}', []],
    ['nothing where it is not wanted', '{expose: none}', []],
    ['a route for each public service', '{expose: {gateway: public}}', ['HTTPRoute', 'HTTPRoute']],
    [
      'a certificate in its own namespace',
      '{expose: {gateway: public, issuer: ca}}',
      ['HTTPRoute', 'HTTPRoute', 'Certificate'],
    ],
    [
      'one that a Gateway elsewhere may show',
      '{expose: {gateway: infra/public, issuer: ca}}',
      ['HTTPRoute', 'HTTPRoute', 'Certificate', 'ReferenceGrant'],
    ],
  ])('%s', (_, settings, expected) => {
    const ours = ['HTTPRoute', 'GRPCRoute', 'Certificate', 'ReferenceGrant', 'Ingress', 'Middleware'];
    expect(kinds(settings).filter(kind => ours.includes(kind))).toEqual(expected);
  });

  // The pattern is that of the definition.
  test('reads every path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const path = `/${text}`;
        expect(encoded(path)).toMatch(/^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$/);
        expect(decodeURIComponent(encoded(path))).toBe(path);
      }),
      runs(100),
    );
  });

  // The pattern is that of the definition; Go reads such texts.
  test('reads every duration', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 * 86_400_000 }), milliseconds => {
        const text = duration(milliseconds);
        expect(text).toMatch(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);
        const [, hours = '0', seconds = '0'] = /^(?:(\d+)h)?(?:(\d+)s)?$/.exec(text) ?? [];
        expect(Number(hours) * 3_600 + Number(seconds)).toBe(Math.ceil(milliseconds / 1_000));
      }),
      runs(100),
    );
  });
});

test('ConfigMaps of a database and its backup are there only with them', () => {
  expect(configMaps(modelOf(`${SERVICES}{}`), engine).map(({ name }) => name)).toEqual([
    'chat-api-environment',
  ]);
});
