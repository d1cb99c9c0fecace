import { after, before } from '../../../artifacts/nginx/edits.ts';
import { passOf } from '../../../artifacts/nginx/facts.ts';
import {
  argument,
  type Chain,
  effective,
  effectiveAll,
  named,
  placeOf,
} from '../../../artifacts/nginx/nginx.ts';
import { allServers, isPartlyUnknown, locationsOf, upstreams } from '../../../artifacts/nginx/servers.ts';
import type { Context } from '../../context.ts';
import { isNginxAtLeast } from '../../nginx-version.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const keepaliveUnused: Rule = {
  id: 'nginx/keepalive-unused',
  severity: 'warning',
  title: 'connections that an upstream is told to keep, and that are closed after each request',
  why: 'Before 1.29.7 nginx speaks HTTP/1.0 with Connection: close to an upstream: keepalive then keeps nothing, and under load each request pays for a connection and a port of the host.',
  fix: 'Set proxy_http_version 1.1 and proxy_set_header Connection "" where requests are passed to it.',
  fixable: 'safe',
  example: {
    bad: 'upstream api { server 127.0.0.1:8000; keepalive 32; }\nlocation / { proxy_pass http://api; }',
    good: 'upstream api { server 127.0.0.1:8000; keepalive 32; }\nlocation / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://api; }',
  },
  check: context =>
    // https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive
    isNginxAtLeast(context, '1.29.7')
      ? []
      : allServers(context.documents)
          .flatMap(locationsOf)
          .flatMap(chain => findingsOf(context, chain)),
};

function findingsOf(context: Context, chain: Chain): Finding[] {
  const [location] = chain;
  const pass = location && passOf(location);
  const name = /^http:\/\/([^/$]+)/.exec(argument(pass?.directive) ?? '')?.[1];
  const upstream = name === undefined ? undefined : upstreams(context.documents).get(name);
  const kept = named(upstream?.block, 'keepalive')[0];
  if (!pass || !kept || argument(kept) === '0' || isPartlyUnknown(chain)) return [];
  const version = effective(chain, 'proxy_http_version');
  const headers = effectiveAll(chain, 'proxy_set_header');
  const connection = headers.find(each => /^connection$/i.test(argument(each) ?? ''));
  const sent = connection ? (argument(connection, 1) ?? '') : 'close';
  // What a variable holds is not known, and an upgrade is another rule's matter.
  const closes = sent === 'close';
  const old = argument(version) !== '1.1' && argument(version) !== '2';
  if (!closes && !old) return [];
  const reasons = [...(old ? ['HTTP/1.0'] : []), ...(closes ? ['Connection: close'] : [])];
  const line = 'proxy_set_header Connection "";';
  const last = headers.at(-1);
  const lines = [...(old && !version ? ['proxy_http_version 1.1;'] : []), ...(closes && !last ? [line] : [])];
  const written = version !== undefined && old ? [version.args[0]] : [];
  return [
    {
      at: placeOf(pass.directive),
      message: `${name} is passed requests by ${listed(reasons)}, so its keepalive ${argument(kept)} keeps nothing`,
      related: [{ ...placeOf(kept), message: 'keepalive is set here' }],
      edits: [
        ...(lines.length > 0 ? [before(pass.directive, lines)] : []),
        ...written.flatMap(each => (each ? [pass.directive.text.edit(each.start, each.end, '1.1')] : [])),
        ...(closes && last && !connection ? [after(last, [line])] : []),
      ].filter(() => !connection || !closes),
    },
  ];
}
