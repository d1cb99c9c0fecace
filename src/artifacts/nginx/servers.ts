import type { AnyDocument, Document } from '../document.ts';
import { argument, type Chain, type Directive, named, placeOf } from './nginx.ts';

type NginxDocument = Document<'nginx'>;

/** A server and the blocks around it, with includes put in their places. */
export interface Server {
  readonly block: Directive;
  readonly around: Chain;
}

const nginxFiles = (set: readonly AnyDocument[]): readonly NginxDocument[] =>
  set.filter((each): each is NginxDocument => each.kind === 'nginx');

export function serversOf(document: NginxDocument, set: readonly AnyDocument[]): readonly Server[] {
  const own = named(document.body, 'http').flatMap(http => {
    const whole = withIncludes(http, set);
    return named(whole.block, 'server').map(block => ({ block, around: [whole] }));
  });
  const around = includingHttp(document, set);
  const beside = named(document.body, 'server').map(block => ({ block: withIncludes(block, set), around }));
  return [...own, ...beside].filter(({ block }) => block.text.file === document.text.file);
}

/** Every server of the set, once. */
export function allServers(set: readonly AnyDocument[]): readonly Server[] {
  const seen = new Set<string>();
  return nginxFiles(set)
    .flatMap(document => serversOf(document, set))
    .filter(({ block }) => {
      const { file, line, column } = placeOf(block);
      const key = `${file}:${line}:${column}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** The ports of a server, and whether it speaks TLS there. https://nginx.org/en/docs/http/ngx_http_core_module.html#listen */
export function listenersOf({ block }: Server): readonly { port: number; tls: boolean }[] {
  const listens = named(block.block, 'listen');
  if (listens.length === 0) return [{ port: 80, tls: false }];
  return listens.flatMap(listen => {
    const address = argument(listen) ?? '';
    if (address.startsWith('unix:')) return [];
    const port = /(?:^|:)(\d+)$/.exec(address)?.[1] ?? '80';
    const tls = listen.args.some(each => each.value === 'ssl' || each.value === 'quic');
    return [{ port: Number(port), tls }];
  });
}

/** A server with what is around it, the innermost first. */
export const chainOf = ({ block, around }: Server): Chain => [block, ...around];

export const namesOf = ({ block }: Server): readonly string[] =>
  named(block.block, 'server_name').flatMap(each => each.args.map(arg => arg.value));

/** A redirect anywhere in it, also behind a condition; and a server that refuses. */
export function redirects(block: Directive): boolean {
  return (block.block ?? []).some(
    each =>
      (each.name === 'return' && /^(?:30[1278]|4\d\d)$/.test(argument(each) ?? '')) ||
      (each.name === 'rewrite' && /^https:/.test(argument(each, 1) ?? '')) ||
      redirects(each),
  );
}

/** Files of these names hold nothing but what their names say. */
const HARMLESS = /(?:^|\/)(?:mime\.types|fastcgi_params|uwsgi_params|scgi_params|[^/]*\*[^/]*)$/;

/** Some of what holds in these blocks stands in a file that is not here. */
export const isPartlyUnknown = (chain: Chain): boolean =>
  chain.some(each => named(each.block, 'include').some(include => !HARMLESS.test(argument(include) ?? '')));

/** The `http` of an nginx.conf in the set whose include takes this file in. */
function includingHttp(document: NginxDocument, set: readonly AnyDocument[]): Chain {
  for (const other of nginxFiles(set))
    for (const http of named(other.body, 'http'))
      if (named(http.block, 'include').some(include => covers(argument(include) ?? '', document.name)))
        return [http];
  return [];
}

const DEEPEST = 8;

function withIncludes(directive: Directive, set: readonly AnyDocument[], depth = 0): Directive {
  if (!directive.block || depth > DEEPEST) return directive;
  const block = directive.block.flatMap(each => {
    if (each.name !== 'include') return [withIncludes(each, set, depth + 1)];
    const path = argument(each) ?? '';
    const files = coveredBy(path, set).filter(file => file.text !== directive.text);
    // One that nothing here answers stays: what it brings is not known.
    if (files.length === 0) return [each];
    return files.flatMap(file => file.body.map(found => withIncludes(found, set, depth + 1)));
  });
  return { ...directive, block };
}

const COVERED = new WeakMap<readonly AnyDocument[], Map<string, readonly NginxDocument[]>>();

/** The files that an include takes in; many sites include the same. */
function coveredBy(path: string, set: readonly AnyDocument[]): readonly NginxDocument[] {
  const known = COVERED.get(set) ?? new Map<string, readonly NginxDocument[]>();
  COVERED.set(set, known);
  const found = known.get(path) ?? nginxFiles(set).filter(file => covers(path, file.name));
  known.set(path, found);
  return found;
}

/** `/etc/nginx/conf.d/*.conf` covers `deploy/nginx/conf.d/site.conf`: what a host calls its folder is not known here. */
function covers(pattern: string, name: string): boolean {
  const [wanted, given] = [pattern.split('/'), name.split('/')];
  const file = wanted.at(-1) ?? '';
  const folder = wanted.at(-2);
  if (/^(?:mime\.types|fastcgi_params|proxy_params|uwsgi_params)$/.test(file)) return file === given.at(-1);
  if (folder !== undefined && file.includes('*') && !given.slice(0, -1).includes(folder)) return false;
  return like(file, given.at(-1) ?? '');
}

/** Stars are few in a file name; each part of the pattern is looked for behind the one before. */
function like(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Every upstream of the set, by name. */
export function upstreams(set: readonly AnyDocument[]): ReadonlyMap<string, Directive> {
  const found = new Map<string, Directive>();
  for (const { body } of nginxFiles(set))
    for (const block of [body, ...named(body, 'http').map(http => http.block)])
      for (const upstream of named(block, 'upstream')) {
        const name = argument(upstream);
        if (name && !found.has(name)) found.set(name, upstream);
      }
  return found;
}

/** A location and the blocks around it, nested ones included. */
export function locationsOf({ block, around }: Server): readonly Chain[] {
  const below = (parent: Directive, chain: Chain): Chain[] =>
    named(parent.block, 'location').flatMap(location => [
      [location, ...chain],
      ...below(location, [location, ...chain]),
    ]);
  return below(block, [block, ...around]);
}
