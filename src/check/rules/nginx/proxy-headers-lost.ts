import { after, before, sourceOf } from '../../../artifacts/nginx/edits.ts';
import { matchOf, passOf } from '../../../artifacts/nginx/facts.ts';
import {
  argument,
  type Chain,
  type Directive,
  effectiveAll,
  named,
  placeOf,
} from '../../../artifacts/nginx/nginx.ts';
import {
  allServers,
  isPartlyUnknown,
  listenersOf,
  locationsOf,
  type Server,
} from '../../../artifacts/nginx/servers.ts';
import { isProbePath } from '../../routing.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

/** What a service needs to know of the request, by which headers it may learn it, and how it is told. */
const NEEDED: readonly { name: string; by: RegExp; line: string; tlsOnly?: true }[] = [
  { name: 'Host', by: /^(?:host|x-forwarded-host|forwarded)$/i, line: 'proxy_set_header Host $host;' },
  {
    name: 'X-Forwarded-For',
    by: /^(?:x-forwarded-for|x-real-ip|forwarded)$/i,
    line: 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  },
  {
    name: 'X-Forwarded-Proto',
    by: /^(?:x-forwarded-(?:proto|scheme|ssl)|x-scheme|forwarded)$/i,
    line: 'proxy_set_header X-Forwarded-Proto $scheme;',
    tlsOnly: true,
  },
];

export const proxyHeadersLost: Rule = {
  id: 'nginx/proxy-headers-lost',
  severity: 'warning',
  title: 'a service that is not told which host, client or scheme it serves',
  why: 'Links and redirects point to the name of the upstream or to http, and each client has the address of the proxy: rate limits then stop everybody at once. A block with a proxy_set_header of its own inherits none.',
  fix: 'Set Host, X-Forwarded-For and X-Forwarded-Proto where the request is passed on, or in the block around it.',
  fixable: 'safe',
  example: {
    bad: 'location / { proxy_pass http://api; }',
    good: 'location / {\n  proxy_pass http://api;\n  proxy_set_header Host $host;\n  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n  proxy_set_header X-Forwarded-Proto $scheme;\n}',
  },
  check: context =>
    allServers(context.documents).flatMap(server =>
      locationsOf(server).flatMap(chain => findingsOf(server, chain)),
    ),
};

function findingsOf(server: Server, chain: Chain): Finding[] {
  const location = chain[0] as Directive;
  const pass = passOf(location);
  if (pass?.family !== 'proxy' || isElsewhere(argument(pass.directive) ?? '')) return [];
  const path = matchOf(location).path;
  if (isProbePath(path) || named(location.block, 'internal').length > 0 || isPartlyUnknown(chain)) return [];
  const set = effectiveAll(chain, 'proxy_set_header').filter(each => argument(each, 1) !== '');
  const tls = listenersOf(server).some(each => each.tls);
  const lost = NEEDED.filter(
    each => (tls || !each.tlsOnly) && !set.some(header => each.by.test(argument(header) ?? '')),
  );
  if (lost.length === 0) return [];
  const last = effectiveAll(chain, 'proxy_set_header').at(-1);
  const around = chain.slice(1).flatMap(each => named(each.block, 'proxy_set_header'));
  const lines = lost.map(({ by, line }) => {
    const outer = around.find(each => by.test(argument(each) ?? ''));
    return outer ? sourceOf(outer) : line;
  });
  const dropped = lost.some(({ by }) => around.some(each => by.test(argument(each) ?? '')));
  const names = listed(lost.map(each => each.name));
  return [
    {
      at: placeOf(last ?? pass.directive),
      message: dropped ? `a proxy_set_header here drops ${names}` : `requests are passed on without ${names}`,
      edits: [last ? after(last, lines) : before(pass.directive, lines)],
    },
  ];
}

/** A service of somebody else, which has a name of its own; and what a variable decides. */
const isElsewhere = (target: string): boolean =>
  /^https:/.test(target) || target.includes('$') || /^http:\/\/[^/:]+\.[a-z]{2,}(?:[:/]|$)/i.test(target);
