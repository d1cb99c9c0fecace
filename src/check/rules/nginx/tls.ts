import { after } from '../../../artifacts/nginx/edits.ts';
import { passOf } from '../../../artifacts/nginx/facts.ts';
import { argument, effective, effectiveAll, named, placeOf } from '../../../artifacts/nginx/nginx.ts';
import {
  allServers,
  chainOf,
  isPartlyUnknown,
  listenersOf,
  locationsOf,
  namesOf,
  redirects,
  type Server,
} from '../../../artifacts/nginx/servers.ts';
import type { Context } from '../../context.ts';
import { isNginxAtLeast } from '../../nginx-version.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

const WEAK_PROTOCOL = /^(?:SSLv2|SSLv3|TLSv1|TLSv1\.1)$/;
// What RFC 7465, RFC 9325 and OpenSSL's own lists take out: RC4, DES, 3DES, export, no encryption, no authentication.
const WEAK_CIPHER =
  /^(?:.*[-+])?(?:RC4|3DES|DES|CBC3|MD5|NULL|eNULL|aNULL|ADH|AECDH|EXP|EXPORT\d*|LOW)(?:-.*)?$/;

export const tls: Rule = {
  id: 'nginx/tls',
  severity: 'warning',
  title: 'TLS that can be stripped, is weak, or tells the version of nginx',
  why: 'Whoever sits between a user and the server keeps an unredirected name in clear text or talks it down to a protocol that is broken; the version shown says which holes to try.',
  fix: 'Redirect port 80 to https, set ssl_protocols TLSv1.2 TLSv1.3, send Strict-Transport-Security, and set server_tokens off.',
  fixable: 'safe',
  example: {
    bad: 'listen 443 ssl; ssl_protocols TLSv1 TLSv1.2;',
    good: 'listen 443 ssl; ssl_protocols TLSv1.2 TLSv1.3; server_tokens off;\nadd_header Strict-Transport-Security "max-age=31536000" always;',
  },
  check: context => {
    const servers = allServers(context.documents);
    return servers
      .filter(server => listenersOf(server).some(each => each.tls))
      .flatMap(server => [
        ...weakProtocols(server),
        ...weakCiphers(server),
        ...clearText(server, servers, context),
        ...missing(server, context),
      ]);
  },
};

const titleOf = (server: Server): string => namesOf(server)[0] ?? 'the TLS server';

function weakProtocols(server: Server): Finding[] {
  const set = effective(chainOf(server), 'ssl_protocols');
  const weak = set?.args.filter(each => WEAK_PROTOCOL.test(each.value)).map(each => each.value) ?? [];
  const [first, last] = [set?.args[0], set?.args.at(-1)];
  if (!set || !first || !last || weak.length === 0) return [];
  const edits = [set.text.edit(first.start, last.end, 'TLSv1.2 TLSv1.3')];
  return [{ at: placeOf(set), message: `${listed(weak)} can be talked into use`, edits }];
}

function weakCiphers(server: Server): Finding[] {
  const set = effective(chainOf(server), 'ssl_ciphers');
  const weak =
    argument(set)
      ?.split(/[:, ]/)
      .filter(each => WEAK_CIPHER.test(each)) ?? [];
  return set && weak.length > 0
    ? [{ at: placeOf(set), message: `ssl_ciphers takes ${listed(weak.slice(0, 4))}` }]
    : [];
}

/** Its names on port 80: answered without a redirect, or by nobody known. */
function clearText(server: Server, servers: readonly Server[], context: Context): Finding[] {
  const own = namesOf(server).filter(name => /^[\w*.-]+$/.test(name) && name !== '_');
  if (own.length === 0 || !listenersOf(server).some(each => each.tls && each.port === 443)) return [];
  const plain = servers.filter(each => listenersOf(each).some(({ port, tls }) => port === 80 && !tls));
  const same = plain.filter(each => own.some(name => namesOf(each).includes(name)));
  const open = same.find(each => passesOn(each) && !redirects(each.block) && !isPartlyUnknown(chainOf(each)));
  if (open) {
    const message = `port 80 serves ${titleOf(server)} in clear text, without a redirect`;
    return [{ at: placeOf(open.block), message }];
  }
  const general = plain.some(each => namesOf(each).every(name => name === '_' || /[*~]/.test(name)));
  if (same.length > 0 || general || !context.closed) return [];
  return [{ at: placeOf(server.block), message: `no server on port 80 sends ${own[0]} to https` }];
}

/** It hands requests to a service; one that answers ACME challenges alone has nothing to redirect. */
const passesOn = (server: Server): boolean =>
  locationsOf(server).some(([location]) => location !== undefined && passOf(location) !== undefined);

/** What nothing in it or around it sets: one finding for all of it. */
function missing(server: Server, context: Context): Finding[] {
  const chain = chainOf(server);
  const added = effectiveAll(chain, 'add_header');
  if (isPartlyUnknown(chain)) return [];
  const tokens = argument(effective(chain, 'server_tokens'));
  const protocols = !effective(chain, 'ssl_protocols') && !isNginxAtLeast(context, '1.27.3');
  const hsts = ![added, ...locationsOf(server).map(([location]) => named(location?.block, 'add_header'))]
    .flat()
    .concat(effectiveAll(chain, 'more_set_headers'))
    .some(each => /^strict-transport-security\b/i.test(argument(each) ?? ''));
  const lacking = [
    ...(protocols ? ['ssl_protocols (before 1.27.3 nginx takes TLS 1.0)'] : []),
    ...(hsts ? ['Strict-Transport-Security'] : []),
    ...(tokens === undefined || tokens === 'on' ? ['server_tokens off'] : []),
  ];
  const anchor = named(server.block.block, 'listen').at(-1);
  const lines = [
    ...(protocols ? ['ssl_protocols TLSv1.2 TLSv1.3;'] : []),
    ...(tokens === undefined ? ['server_tokens off;'] : []),
  ];
  if (lacking.length === 0 || !anchor) return [];
  const message = `${titleOf(server)} lacks ${listed(lacking)}`;
  return [{ at: placeOf(anchor), message, edits: lines.length > 0 ? [after(anchor, lines)] : [] }];
}
