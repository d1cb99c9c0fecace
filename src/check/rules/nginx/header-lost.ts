import { after, sourceOf } from '../../../artifacts/nginx/edits.ts';
import {
  argument,
  type Chain,
  type Directive,
  effective,
  effectiveAll,
  named,
  placeOf,
} from '../../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../../../artifacts/nginx/servers.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

const SECURITY =
  /^(?:strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy|permissions-policy|cross-origin-\w+-policy)$/i;

export const headerLost: Rule = {
  id: 'nginx/header-lost',
  severity: 'warning',
  title: 'a security header that some answers do not carry',
  why: 'Without `always` error pages go out bare, and a block with an add_header of its own inherits none: the one page that an attacker finds framed or sniffed is the one without.',
  fix: 'Say `always`, and repeat the headers where a location adds one of its own (or add_header_inherit merge from 1.29.3).',
  fixable: 'safe',
  example: {
    bad: 'add_header X-Frame-Options DENY;',
    good: 'add_header X-Frame-Options DENY always;',
  },
  check: context =>
    allServers(context.documents).flatMap(server => [
      ...[[server.block, ...server.around] as Chain, ...locationsOf(server)].flatMap(chain => [
        ...effectiveAll(chain, 'add_header').flatMap(onSuccessAlone),
        ...dropped(chain),
      ]),
    ]),
};

const isSecurity = (header: Directive): boolean => SECURITY.test(argument(header) ?? '');

function onSuccessAlone(header: Directive): Finding[] {
  const last = header.args[1];
  if (!isSecurity(header) || !last || argument(header, 2) === 'always') return [];
  return [
    {
      at: placeOf(header),
      message: `${argument(header)} is left out of error answers`,
      edits: [header.text.edit(last.end, last.end, ' always')],
    },
  ];
}

function dropped(chain: Chain): Finding[] {
  const [inner, ...outer] = chain;
  const own = named(inner?.block, 'add_header');
  // https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header_inherit
  if (own.length === 0 || argument(effective(chain, 'add_header_inherit')) === 'merge') return [];
  const kept = new Set(own.map(each => argument(each)?.toLowerCase()));
  const lost = effectiveAll(outer, 'add_header').filter(
    each => isSecurity(each) && !kept.has(argument(each)?.toLowerCase()),
  );
  const [first, last] = [own[0], own.at(-1)];
  if (lost.length === 0 || !first || !last) return [];
  return [
    {
      at: placeOf(first),
      message: `an add_header here drops ${listed(lost.map(each => argument(each) ?? ''))}`,
      related: lost.map(each => ({ ...placeOf(each), message: 'inherited until here' })),
      edits: [after(last, lost.map(always))],
    },
  ];
}

const always = (header: Directive): string =>
  argument(header, 2) === 'always' ? sourceOf(header) : sourceOf(header).replace(/\s*;$/, ' always;');
