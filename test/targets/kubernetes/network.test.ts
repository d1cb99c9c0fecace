/** Who may talk to whom, by what a network plug-in makes of the policies. */
import { BlockList, isIP } from 'node:net';
import { describe, expect, test } from 'vitest';
import { objects } from '../../../src/targets/kubernetes/objects.ts';
import { modelOf } from '../../model/models.ts';

type Labels = Readonly<Record<string, string>>;

/** A pod in a namespace, or an address in the world. */
type Place = string | { readonly namespace: string; readonly labels: Labels };

interface Selector {
  readonly matchLabels?: Labels;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly port: number; readonly protocol?: string }[];
}

interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

const HERE = 'chat';
/** Of this namespace, ours or not. */
const pod = (name: string): Place => ({ namespace: HERE, labels: { 'app.kubernetes.io/name': name } });
const ours = (name: string): Place => ({
  namespace: HERE,
  labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'chat' },
});
const elsewhere = (namespace: string, labels: Labels = {}): Place => ({ namespace, labels });

const selects = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

function contains(cidr: string, ip: string): boolean {
  const [net = '', bits] = cidr.split('/');
  const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(net) !== isIP(ip)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), family);
  return list.check(ip, family);
}

function isPeer({ ipBlock, namespaceSelector, podSelector }: Peer, place: Place): boolean {
  if (typeof place === 'string')
    return (
      ipBlock !== undefined &&
      contains(ipBlock.cidr, place) &&
      !(ipBlock.except ?? []).some(range => contains(range, place))
    );
  if (ipBlock) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': place.namespace })
    : place.namespace === HERE;
  return inNamespace && selects(podSelector ?? {}, place.labels);
}

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation */
function side(
  policies: readonly Policy[],
  own: Place,
  other: Place,
  port: string,
  way: 'ingress' | 'egress',
) {
  if (typeof own === 'string' || own.namespace !== HERE) return true;
  const type = way === 'ingress' ? 'Ingress' : 'Egress';
  const isolating = policies.filter(
    each => each.policyTypes.includes(type) && selects(each.podSelector, own.labels),
  );
  const [number, protocol = 'TCP'] = port.split('/');
  return (
    isolating.length === 0 ||
    isolating
      .flatMap(each => each[way])
      .some(
        rule =>
          (rule.from ?? rule.to ?? []).some(peer => isPeer(peer, other)) &&
          rule.ports.some(each => each.port === Number(number) && (each.protocol ?? 'TCP') === protocol),
      )
  );
}

const may = (policies: readonly Policy[], from: Place, to: Place, port: string): boolean =>
  side(policies, from, to, port, 'egress') && side(policies, to, from, port, 'ingress');

const policiesOf = (text: string): Policy[] =>
  objects(modelOf(text))
    .filter(({ object }) => object.kind === 'NetworkPolicy')
    .map(({ object }) => object['spec'] as Policy);

const config = (kubernetes = '{expose: {gateway: infra/public}}', database = ''): string => `version: 1
name: chat
domain: chat.example.com
services:
  web: {language: node, port: 3000, health: {live: /live, ready: /ready}, public: true, dependsOn: [api]}
  api:
    language: go
    port: 8080
    metrics: {port: 9090}
    grpc: {port: 50051}
    health: {live: /live, ready: /ready}
    egress: [api.anthropic.com:443, "10.0.0.7:6379", "redis.cache.svc.cluster.local:6380"]
    env: {VECTORS: "\${services.vectors.url}"}
    dependsOn: [db]
  vectors: {image: "qdrant/qdrant:v1.15.4", port: 6333, volumes: [{name: data, path: /data}]}
  mail: {language: node, kind: worker}
database: {name: chat, user: chat, migrations: {run: command, command: [/server, migrate]}${database}}
observability: {otel: {endpoint: "http://otel.observability.svc:4318"}}
targets: {backup: {}, kubernetes: ${kubernetes}}
`;

/** Traces go to one of the services, which nobody depends on. */
const traced = (): string =>
  config()
    .replace('http://otel.observability.svc:4318', 'http://jaeger:4318')
    .replace(
      '\ndatabase:',
      '\n  jaeger: {image: "jaegertracing/all-in-one:1.76.0", port: 16686, ports: {otlp: 4318}}\ndatabase:',
    );

const prometheus = elsewhere('monitoring', { 'app.kubernetes.io/name': 'prometheus' });

describe('what follows from the model', () => {
  const policies = policiesOf(config());
  test.each<[allowed: boolean, from: Place, to: Place, port: string]>([
    [true, pod('chat-web'), pod('chat-api'), '8080'],
    [true, pod('chat-web'), pod('chat-api'), '50051'],
    [false, pod('chat-api'), pod('chat-web'), '3000'],
    [false, pod('chat-mail'), pod('chat-api'), '8080'],
    // It is told the address, and needs no second word.
    [true, pod('chat-api'), pod('chat-vectors'), '6333'],
    [false, pod('chat-web'), pod('chat-vectors'), '6333'],
    [true, pod('chat-api'), pod('chat-db'), '5432'],
    [true, pod('chat-migrate'), pod('chat-db'), '5432'],
    [true, pod('chat-backup'), pod('chat-db'), '5432'],
    [false, pod('chat-web'), pod('chat-db'), '5432'],
    [false, pod('chat-db'), '1.1.1.1', '443'],
    [true, elsewhere('infra'), pod('chat-web'), '3000'],
    [false, elsewhere('infra'), pod('chat-api'), '8080'],
    [false, elsewhere('default'), pod('chat-web'), '3000'],
    [false, '203.0.113.9', pod('chat-web'), '3000'],
    [true, prometheus, pod('chat-api'), '9090'],
    [false, prometheus, pod('chat-api'), '8080'],
    [false, elsewhere('monitoring'), pod('chat-api'), '9090'],
    [true, pod('chat-web'), elsewhere('kube-system'), '53/UDP'],
    [true, pod('chat-mail'), elsewhere('kube-system'), '53/TCP'],
    [true, pod('chat-mail'), '169.254.20.10', '53/UDP'],
    [false, pod('chat-mail'), '169.254.169.254', '53/UDP'],
    [true, pod('chat-api'), '160.79.104.10', '443'],
    [true, pod('chat-api'), '2607:6bc0::10', '443'],
    [false, pod('chat-api'), '160.79.104.10', '80'],
    [false, pod('chat-web'), '160.79.104.10', '443'],
    // Credentials of the machine, and neighbours.
    [false, pod('chat-api'), '169.254.169.254', '443'],
    [false, pod('chat-api'), '10.0.0.8', '443'],
    [false, pod('chat-api'), '172.16.3.4', '443'],
    [false, pod('chat-api'), '192.168.0.1', '443'],
    [false, pod('chat-api'), '100.64.1.1', '443'],
    [false, pod('chat-api'), 'fd00::1', '443'],
    [false, pod('chat-api'), 'fe80::1', '443'],
    [true, pod('chat-api'), '10.0.0.7', '6379'],
    [false, pod('chat-api'), '10.0.0.8', '6379'],
    [true, pod('chat-api'), elsewhere('cache'), '6380'],
    [true, pod('chat-api'), elsewhere('observability'), '4318'],
    // Such as a solver of cert-manager, or a collector.
    [true, pod('somebody-else'), '1.1.1.1', '443'],
    [false, ours('chat-forgotten'), '1.1.1.1', '443'],
    [true, elsewhere('default'), pod('somebody-else'), '80'],
    [false, elsewhere('default'), ours('chat-forgotten'), '80'],
  ])('%s: %j → %j at %s', (allowed, from, to, port) => {
    expect(may(policies, from, to, port)).toBe(allowed);
  });
});

describe('a setting', () => {
  test.each<[what: string, text: string, allowed: boolean, from: Place, to: Place, port: string]>([
    ['no policies', config('{networkPolicy: false}'), true, '1.1.1.1', pod('chat-db'), '5432'],
    ['no monitor', config('{monitor: false}'), false, prometheus, pod('chat-api'), '9090'],
    ['nothing exposed', config('{}'), false, elsewhere('infra'), pod('chat-web'), '3000'],
    [
      'ingress-nginx',
      config('{expose: {kind: ingress}}'),
      true,
      elsewhere('ingress-nginx'),
      pod('chat-web'),
      '3000',
    ],
    [
      'a controller elsewhere',
      config('{expose: {kind: ingress, controller: edge}}'),
      true,
      elsewhere('edge'),
      pod('chat-web'),
      '3000',
    ],
    [
      'a Gateway of this namespace',
      config('{expose: {gateway: own}}'),
      true,
      elsewhere(HERE, { 'gateway.networking.k8s.io/gateway-name': 'own' }),
      pod('chat-web'),
      '3000',
    ],
    [
      'Google’s load balancers',
      config('{expose: {gateway: own}, gke: {project: my-project, cluster: main, location: europe-west1}}'),
      true,
      '35.191.4.4',
      pod('chat-web'),
      '3000',
    ],
    [
      'a range of the database',
      config('{}', ', host: db.internal, cidr: 10.20.0.0/16'),
      true,
      pod('chat-api'),
      '10.20.3.4',
      '5432',
    ],
    [
      'another range',
      config('{}', ', host: db.internal, cidr: 10.20.0.0/16'),
      false,
      pod('chat-api'),
      '10.21.3.4',
      '5432',
    ],
    [
      'the address of a database',
      config('{}', ', host: 10.20.0.9'),
      false,
      pod('chat-api'),
      '10.20.0.8',
      '5432',
    ],
    ['traces of ours to a service of ours', traced(), true, pod('chat-web'), pod('chat-jaeger'), '4318'],
    ['nothing else of it', traced(), false, pod('chat-web'), pod('chat-jaeger'), '16686'],
    ['traces of others', traced(), false, pod('chat-vectors'), pod('chat-jaeger'), '4318'],
    ['its name alone', config('{}', ', host: db.internal'), true, pod('chat-api'), '10.20.0.8', '5432'],
  ])('%s', (_, text, allowed, from, to, port) => {
    expect(may(policiesOf(text), from, to, port)).toBe(allowed);
  });
});
