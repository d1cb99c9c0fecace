import { type AnyFact, type Component, type Route, stated } from '../fact.ts';
import { binarySize, goDuration, nginxDuration } from '../quantities.ts';
import { at, entryOf, itemsOf, numberOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';
import type { KubernetesObject } from './object.ts';

/** The routes of an Ingress, and of an HTTPRoute of the Gateway API. */
export function ingressComponents(object: KubernetesObject): readonly Component[] {
  if (object.kind === 'Ingress') return ingress(object);
  return object.kind === 'HTTPRoute' ? httpRoute(object) : [];
}

const route = (
  object: KubernetesObject,
  node: YamlNode,
  value: Omit<Route, 'server'>,
  facts: readonly AnyFact[],
): Component => ({
  platform: 'kubernetes',
  form: 'route',
  name: `${value.hosts[0] ?? object.name ?? ''}${value.match.path}`,
  aliases: [],
  at: placeOf(node),
  scope: object.namespace ?? '',
  facts: [
    ...stated(
      'route',
      { ...value, server: `${object.kind} ${object.namespace ?? ''}/${object.name}` },
      placeOf(node),
    ),
    ...facts,
  ],
  longRunning: true,
});

function ingress(object: KubernetesObject): readonly Component[] {
  const facts = annotationFacts(object);
  const rules = itemsOf(at(object.root, 'spec', 'rules'));
  return rules.flatMap(rule => {
    const host = textOfNode(at(rule, 'host'));
    return itemsOf(at(rule, 'http', 'paths')).map(path => {
      const how = textOfNode(at(path, 'pathType')) === 'Exact' ? '=' : 'prefix';
      const service = at(path, 'backend', 'service');
      const port = numberOf(at(service, 'port', 'number'));
      const name = textOfNode(at(service, 'name'));
      const to = name ? [{ host: name, ...(port ? { port } : {}), tls: false }] : [];
      const match = { how, path: textOfNode(at(path, 'path')) ?? '/' } as const;
      return route(object, path, { hosts: host ? [host] : [], match, to }, facts);
    });
  });
}

const PREFIX = 'nginx.ingress.kubernetes.io/';

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ */
function annotationFacts(object: KubernetesObject): AnyFact[] {
  const annotations = at(object.root, 'metadata', 'annotations');
  const value = (name: string) => entryOf(annotations, PREFIX + name)?.value;
  const read = value('proxy-read-timeout');
  const connect = value('proxy-connect-timeout');
  const body = value('proxy-body-size');
  const buffering = value('proxy-buffering');
  const size = binarySize(textOfNode(body) ?? '');
  return [
    ...(read
      ? stated('proxy.read', nginxDuration(textOfNode(read) ?? ''), placeOf(read))
      : isNginx(object)
        ? ingressNginxDefault(object)
        : []),
    ...(connect ? stated('proxy.connect', nginxDuration(textOfNode(connect) ?? ''), placeOf(connect)) : []),
    ...(body && size !== undefined
      ? stated('body.limit', size === 0 ? Number.POSITIVE_INFINITY : size, placeOf(body))
      : []),
    ...(buffering ? stated('proxy.buffering', textOfNode(buffering) === 'on', placeOf(buffering)) : []),
  ];
}

function isNginx(object: KubernetesObject): boolean {
  const annotations = at(object.root, 'metadata', 'annotations');
  const name =
    textOfNode(at(object.root, 'spec', 'ingressClassName')) ??
    textOfNode(at(annotations, 'kubernetes.io/ingress.class'));
  const annotated =
    annotations?.kind === 'map' && [...annotations.entries.keys()].some(key => key.startsWith(PREFIX));
  return annotated || (name?.includes('nginx') ?? false);
}

/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#proxy-read-timeout */
const ingressNginxDefault = (object: KubernetesObject): AnyFact[] => [
  {
    kind: 'proxy.read',
    value: 60_000,
    at: placeOf(at(object.root, 'metadata') ?? object.root),
    origin: 'default',
    note: 'ingress-nginx proxy-read-timeout, default 60 s',
  },
];

function httpRoute(object: KubernetesObject): readonly Component[] {
  const hosts = itemsOf(at(object.root, 'spec', 'hostnames')).map(node => textOfNode(node) ?? '');
  return itemsOf(at(object.root, 'spec', 'rules')).flatMap(rule => {
    const to = itemsOf(at(rule, 'backendRefs')).flatMap(item => {
      const [name, port] = [textOfNode(at(item, 'name')), numberOf(at(item, 'port'))];
      return name ? [{ host: name, ...(port ? { port } : {}), tls: false }] : [];
    });
    const timeout = at(rule, 'timeouts', 'request') ?? at(rule, 'timeouts', 'backendRequest');
    // 0s is no limit.
    const time = goDuration(textOfNode(timeout) ?? '');
    const facts = timeout
      ? stated('timeout.request', time === 0 ? Number.POSITIVE_INFINITY : time, placeOf(timeout))
      : [];
    const matches = itemsOf(at(rule, 'matches'));
    return (matches.length > 0 ? matches : [rule]).map(match => {
      const type = textOfNode(at(match, 'path', 'type')) ?? 'PathPrefix';
      const how = type === 'Exact' ? '=' : type === 'RegularExpression' ? '~' : 'prefix';
      return route(
        object,
        match,
        { hosts, match: { how, path: textOfNode(at(match, 'path', 'value')) ?? '/' }, to },
        facts,
      );
    });
  });
}
