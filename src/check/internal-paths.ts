import { type AnyFact, factOf, factsOf } from '../artifacts/fact.ts';
import { objectSets } from '../artifacts/kubernetes/kustomize.ts';
import {
  argument,
  type Chain,
  type Directive,
  effective,
  effectiveAll,
  named,
  placeOf,
} from '../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../artifacts/nginx/servers.ts';
import { placeKey } from '../artifacts/text.ts';
import { at, entriesOf, textOfNode } from '../artifacts/yaml.ts';
import type { Context, Member } from './context.ts';
import { known } from './knowledge.ts';
import type { Severity } from './rule.ts';

interface Internal {
  readonly path: string;
  readonly what: string;
  readonly severity: Severity;
  /** What says so, where it is not the name of the path. */
  readonly fact: AnyFact | undefined;
}

const NAMED: readonly (readonly [pattern: RegExp, what: string, severity: Severity])[] = [
  [/^\/(?:debug|pprof|_debug|__debug__)(?:\/|$)/i, 'looks into the process', 'error'],
  [/^\/actuator(?:\/(?!health|info|prometheus)|$)/i, 'looks into the process', 'error'],
  [/^\/(?:health[\w-]{0,10}|status)\/(?:deep|detail(?:ed|s)?|full)\/?$/i, 'shows every dependency', 'error'],
  [/^\/(?:actuator\/prometheus|(?:[\w-]{1,30}\/)?metrics)\/?$/i, 'shows what is measured', 'warning'],
];

/** A path that is internal by its name. */
export function internalByName(path: string): Internal | undefined {
  const found = NAMED.find(([pattern]) => pattern.test(path));
  return found && { path, what: found[1], severity: found[2], fact: undefined };
}

/** Paths of a service that aideploy.yaml says are internal, at the port where it serves. */
export function internalOf(context: Context, backend: Member): readonly Internal[] {
  const [deep, metrics] = [known(context, backend, 'health.deep'), known(context, backend, 'metrics.path')];
  return [
    ...(deep
      ? [
          {
            path: deep.value,
            what: 'shows every dependency',
            severity: 'error' as const,
            fact: deep as AnyFact,
          },
        ]
      : []),
    ...(metrics
      ? [
          {
            path: metrics.value,
            what: 'shows what is measured',
            severity: 'warning' as const,
            fact: metrics as AnyFact,
          },
        ]
      : []),
  ];
}

/** Routes that ask who it is, or let in some addresses alone; and those of which that is not known. */
export function guardedRoutes(context: Context): (route: Member) => boolean {
  const places = new Set<string>();
  for (const server of allServers(context.documents))
    for (const chain of locationsOf(server))
      if (isGuarded(chain)) places.add(placeKey(placeOf(chain[0] as Directive)));
  const objects = new Set<string>();
  for (const { objects: all } of objectSets(context.documents))
    for (const { kind, namespace, name, root } of all)
      if (GUARDED_KINDS.has(kind) && guards(root)) objects.add(`${kind} ${namespace ?? ''}/${name}`);
  return route => places.has(placeKey(route.at)) || objects.has(factOf(route, 'route')?.value.server ?? '');
}

const GUARDED_KINDS = new Set(['HTTPRoute', 'Ingress']);

/** Annotations of controllers, and classes that are named after where they are reached from. */
const guards = (root: Parameters<typeof at>[0]): boolean =>
  entriesOf(at(root, 'metadata', 'annotations')).some(({ key: { source } }) =>
    /auth|whitelist|allowlist|denylist|middlewares|snippet|internal|scheme/i.test(source),
  ) || /internal|private/i.test(textOfNode(at(root, 'spec', 'ingressClassName')) ?? '');

const ON_LOOPBACK = /^(?:127\.|\[::1\]|localhost|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|unix:)/;

function isGuarded(chain: Chain): boolean {
  const server = chain.find(({ name }) => name === 'server');
  const listens = named(server?.block, 'listen');
  return (
    chain.some(({ block }) => named(block, 'internal').length > 0 || named(block, 'if').some(refuses)) ||
    refuses(chain[0] as Directive) ||
    effectiveAll(chain, 'deny').length > 0 ||
    ['auth_basic', 'auth_request', 'auth_jwt', 'ssl_verify_client'].some(
      name => !/^off$/.test(argument(effective(chain, name)) ?? 'off'),
    ) ||
    named(chain[0]?.block, 'include').length > 0 ||
    (listens.length > 0 && listens.every(each => ON_LOOPBACK.test(argument(each) ?? '')))
  );
}

const refuses = ({ block }: Directive): boolean =>
  named(block, 'return').some(each => /^(?:4\d\d|30\d)$/.test(argument(each) ?? ''));

const ROLES: readonly (readonly [pattern: RegExp, what: string, severity: Severity])[] = [
  [/(?:^|[_-])(?:debug|pprof|admin|management)(?:[_-]|$)/i, 'is for debugging or administration', 'error'],
  [/(?:^|[_-])(?:metrics|prometheus|exporter)(?:[_-]|$)/i, 'serves metrics', 'warning'],
];

export const roleNamed = (name: string): { what: string; severity: Severity } | undefined => {
  const found = ROLES.find(([pattern]) => pattern.test(name));
  return found && { what: found[1], severity: found[2] };
};

const MONITORING =
  /^(?:prometheus|alertmanager|pushgateway|node-exporter|cadvisor|[\w-]{1,40}[-_]exporter|victoria-metrics)$/;

/** What a port of a container is for, by the variable, name or image that says so. */
export function roleOfPort(member: Member, port: number): { what: string; severity: Severity } | undefined {
  const variable = factsOf(member, 'env').find(
    ({ value }) =>
      /_(?:PORT|ADDR)$/.test(value.name) && (value.value ?? '').replace(/^.*:/, '') === String(port),
  );
  const listen = factsOf(member, 'port.listen').find(({ value }) => value.port === port && value.name);
  const named = roleNamed(variable?.value.name ?? '') ?? roleNamed(listen?.value.name ?? '');
  if (named) return named;
  const image = factOf(member, 'image')?.value.repository.split('/').at(-1) ?? '';
  return MONITORING.test(image)
    ? { what: 'shows what is measured, to whoever asks', severity: 'warning' }
    : undefined;
}
