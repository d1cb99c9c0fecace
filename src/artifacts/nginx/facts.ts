import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, type Route, stated } from '../fact.ts';
import { binarySize, nginxDuration } from '../quantities.ts';
import { argument, type Chain, type Directive, effective, named, placeOf } from './nginx.ts';
import { locationsOf, namesOf, type Server, serversOf, upstreams } from './servers.ts';

/** Each location of each server; those that lead nowhere decide too, which requests another one gets. */
export function routeComponents(
  document: Document<'nginx'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  const known = upstreams(set);
  return serversOf(document, set).flatMap(server =>
    locationsOf(server).map(chain => routeOf(server, chain, known)),
  );
}

const PASS = /^(?:proxy|grpc|uwsgi|fastcgi|scgi)_pass$/;

/** The directive that hands requests on, and the prefix of those that go with it: `proxy`, `grpc`. */
export function passOf(location: Directive): { directive: Directive; family: string } | undefined {
  const blocks = [location, ...named(location.block, 'if'), ...named(location.block, 'limit_except')];
  const directive = blocks.flatMap(each => each.block ?? []).find(each => PASS.test(each.name));
  return directive && { directive, family: directive.name.replace('_pass', '') };
}

function routeOf(server: Server, chain: Chain, known: ReadonlyMap<string, Directive>): Component {
  const [location] = chain as readonly [Directive, ...Directive[]];
  const names = namesOf(server);
  const match = matchOf(location);
  const pass = passOf(location);
  const target = argument(pass?.directive);
  const route: Route = {
    hosts: names,
    server: serverId(server),
    match,
    to: target ? targetsOf(target, known) : [],
  };
  return {
    platform: 'nginx',
    form: 'route',
    name: `${names[0] ?? ''}${match.path}`,
    aliases: [],
    at: placeOf(location),
    scope: 'host',
    facts: [
      ...stated('route', route, placeOf(pass?.directive ?? location)),
      ...(pass ? proxyFacts(chain, pass.family) : []),
      ...keepaliveFacts(target, known),
    ],
    longRunning: true,
  };
}

const serverId = ({ block }: Server): string => `${block.text.file}:${block.start}`;

export function matchOf(location: Directive): Route['match'] {
  const [first, second] = location.args.map(arg => arg.value);
  if (first === '=' || first === '^~' || first === '~' || first === '~*')
    return { how: first, path: second ?? '' };
  if (first?.startsWith('@')) return { how: 'named', path: first };
  return { how: 'prefix', path: first ?? '' };
}

/** Where a pass leads; nothing where a variable decides. */
function targetsOf(target: string, known: ReadonlyMap<string, Directive>): Route['to'] {
  const [, scheme, authority] = /^(?:([a-z]+):\/\/)?([^/$]+)(?:\/|$)/.exec(target) ?? [];
  if (!authority || target.startsWith('unix:') || authority.startsWith('unix:')) return [];
  const tls = scheme === 'https' || scheme === 'grpcs';
  const upstream = known.get(authority);
  if (!upstream) return [{ ...hostAndPort(authority), tls }];
  return named(upstream.block, 'server')
    .map(server => ({ address: argument(server) ?? '', at: placeOf(server) }))
    .filter(({ address }) => !address.startsWith('unix:'))
    .map(({ address, at }) => ({ ...hostAndPort(address), tls, at }));
}

function hostAndPort(text: string): { host: string; port?: number } {
  const [, host = text, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  return port ? { host, port: Number(port) } : { host };
}

function proxyFacts(chain: Chain, family: string): AnyFact[] {
  const fact = <T>(name: string, read: (value: string) => T | undefined) => {
    const found = effective(chain, name);
    const value = found && read(argument(found) ?? '');
    return found && value !== undefined ? { value, at: placeOf(found) } : undefined;
  };
  const read = fact(`${family}_read_timeout`, nginxDuration);
  const connect = fact(`${family}_connect_timeout`, nginxDuration);
  const buffering = fact(`${family}_buffering`, value => value === 'on');
  const body = fact('client_max_body_size', binarySize);
  return [
    ...(read ? stated('proxy.read', read.value, read.at) : []),
    ...(connect ? stated('proxy.connect', connect.value, connect.at) : []),
    ...(buffering ? stated('proxy.buffering', buffering.value, buffering.at) : []),
    // 0 is no limit.
    ...(body ? stated('body.limit', body.value === 0 ? Number.POSITIVE_INFINITY : body.value, body.at) : []),
  ];
}

/** How long connections to an upstream are kept, where they are kept at all. */
function keepaliveFacts(target: string | undefined, known: ReadonlyMap<string, Directive>): AnyFact[] {
  const name = /^[a-z]+:\/\/([^/]+)/.exec(target ?? '')?.[1];
  const upstream = name === undefined ? undefined : known.get(name);
  const kept = named(upstream?.block, 'keepalive')[0];
  const time = named(upstream?.block, 'keepalive_timeout')[0];
  if (!kept) return [];
  return stated('keepalive', time ? nginxDuration(argument(time) ?? '') : 60_000, placeOf(time ?? kept));
}
