import { matchOf } from '../../../artifacts/nginx/facts.ts';
import {
  argument,
  type Chain,
  type Directive,
  effectiveAll,
  named,
  placeOf,
} from '../../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../../../artifacts/nginx/servers.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

export const upgradeUnconditional: Rule = {
  id: 'nginx/upgrade-unconditional',
  severity: 'warning',
  title: 'every request is passed on as one that asks for an upgrade',
  why: 'Plain requests reach the service with Connection: upgrade and without Upgrade: some servers refuse them, and no connection to the upstream is kept for the next one.',
  fix: 'Set Connection from a map on $http_upgrade that is empty where the client asked for nothing.',
  fixable: 'safe',
  example: {
    bad: 'proxy_set_header Connection "upgrade";',
    good: 'map $http_upgrade $connection_upgrade { default upgrade; "" ""; }\nproxy_set_header Connection $connection_upgrade;',
  },
  check: context => {
    const found = allServers(context.documents).flatMap(locationsOf).flatMap(constantOf);
    const files = [...new Set(found.map(each => each.text))];
    return files.flatMap(text => findingOf(context, [...new Set(found.filter(each => each.text === text))]));
  },
};

/** In a location for nothing but WebSockets it does no harm. */
function constantOf(chain: Chain): readonly Directive[] {
  if (
    /(?:^|[/^])(?:ws|wss|websockets?|socket\.io|sockjs|cable|hubs?)(?:[/$?(]|$)/i.test(
      matchOf(chain[0] as Directive).path,
    )
  )
    return [];
  return effectiveAll(chain, 'proxy_set_header').filter(
    each => /^connection$/i.test(argument(each) ?? '') && /^upgrade$/i.test(argument(each, 1) ?? ''),
  );
}

/** One for each file, since one map mends all of it. */
function findingOf(context: Context, headers: readonly Directive[]): Finding[] {
  const [first, ...more] = headers;
  if (!first) return [];
  const map = mapOf(context);
  const place = map ? undefined : placeForMap(context, first);
  const uses = headers.flatMap(({ text, args }) =>
    args[1] ? [text.edit(args[1].start, args[1].end, map ?? '$connection_upgrade')] : [],
  );
  return [
    {
      at: placeOf(first),
      message: 'Connection is "upgrade" for requests that ask for no upgrade',
      related: more.map(each => ({ ...placeOf(each), message: 'and here' })),
      edits: map ? uses : place ? [place, ...uses] : [],
    },
  ];
}

const topBlocks = ({ of }: Context) =>
  of('nginx').flatMap(({ body }) => [
    body,
    ...named(body, 'http').flatMap(http => (http.block ? [http.block] : [])),
  ]);

/** The variable of a map on $http_upgrade that the set has. */
function mapOf(context: Context): string | undefined {
  const maps = topBlocks(context).flatMap(block => named(block, 'map'));
  return argument(
    maps.find(map => argument(map) === '$http_upgrade'),
    1,
  );
}

/** Before the first server of the same file: that is where maps may stand. */
function placeForMap(context: Context, header: Directive) {
  const server = topBlocks(context)
    .flatMap(block => named(block, 'server'))
    .find(each => each.text === header.text);
  if (!server || server.text.within) return undefined;
  const { content } = server.text;
  const start = content.lastIndexOf('\n', server.start - 1) + 1;
  const [indent, newline] = [content.slice(start, server.start), content.includes('\r\n') ? '\r\n' : '\n'];
  if (indent.trim() !== '') return undefined;
  const lines = ['map $http_upgrade $connection_upgrade {', '    default upgrade;', '    "" "";', '}'];
  return server.text.edit(start, start, lines.map(line => `${indent}${line}${newline}`).join(''));
}
