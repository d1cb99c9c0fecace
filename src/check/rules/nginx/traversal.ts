import { matchOf } from '../../../artifacts/nginx/facts.ts';
import { argument, type Directive, named, placeOf } from '../../../artifacts/nginx/nginx.ts';
import { allServers } from '../../../artifacts/nginx/servers.ts';
import type { Finding, Rule } from '../../rule.ts';

/** What the client writes as it likes; $host is one of the server's names where these decide. */
const CLIENT = /\$\{?((?:http|arg|cookie)_\w+)\}?/;
/** Decoded, so a %0a of the request is a line of its own. */
const DECODED = /\$\{?(uri|document_uri)\b\}?/;

export const traversal: Rule = {
  id: 'nginx/traversal',
  severity: ['error', 'warning'],
  title: 'a request that reaches files, hosts or headers that it should not',
  why: 'A location without its final slash before an alias with one lets /static../ read the folder above; a target or header made of what the client wrote leads to any host, or puts lines of its own into an answer.',
  fix: 'End location and alias alike in a slash, name targets yourself, use $request_uri instead of $uri, and $host instead of $http_host.',
  fixable: 'no',
  example: {
    bad: 'location /static { alias /srv/app/static/; }',
    good: 'location /static/ { alias /srv/app/static/; }',
  },
  check: context => allServers(context.documents).flatMap(({ block }) => below(block)),
};

const below = (block: Directive): Finding[] =>
  (block.block ?? []).flatMap(each => [
    ...(each.name === 'location' ? aliasIn(each) : []),
    ...misused(each),
    ...below(each),
  ]);

function aliasIn(location: Directive): Finding[] {
  const { how, path } = matchOf(location);
  const alias = named(location.block, 'alias')[0];
  const target = argument(alias);
  if (!alias || (how !== 'prefix' && how !== '^~')) return [];
  if (path.endsWith('/') || !target?.endsWith('/')) return [];
  const message = `${path}../ reads beside ${target}: the location lacks the final slash of its alias`;
  return [{ at: placeOf(alias), message }];
}

function misused(directive: Directive): Finding[] {
  const at = placeOf(directive);
  const texts = directive.args.map(each => each.value);
  const [first = '', second = ''] = texts;
  if (directive.name === 'proxy_pass') {
    const host = /^https?:\/\/([^/]*)/.exec(first)?.[1] ?? '';
    const variable = CLIENT.exec(host)?.[1];
    return variable ? [{ at, message: `the client chooses the host: $${variable}` }] : [];
  }
  if (directive.name === 'proxy_set_header' && /^host$/i.test(first) && /^\$\{?http_host\}?$/.test(second)) {
    const message = 'Host is what the client wrote ($http_host), also where the request line names another';
    return [{ at, severity: 'warning', message }];
  }
  if (directive.name === 'return' && /^30[1278]$/.test(first)) {
    const host = /^(?:https?:)?\/\/([^/]*)/.exec(second)?.[1] ?? (second.startsWith('$') ? second : '');
    const variable = CLIENT.exec(host)?.[1];
    if (variable && variable !== 'http_host')
      return [{ at, message: `the client chooses where it is sent: $${variable}` }];
  }
  const answered =
    directive.name === 'add_header' || (directive.name === 'return' && /^30[1278]$/.test(first));
  const decoded = answered ? DECODED.exec(second)?.[1] : undefined;
  return decoded
    ? [{ at, message: `$${decoded} is decoded: a %0a in a request begins a header of its own` }]
    : [];
}
