import { factOf } from '../../../artifacts/fact.ts';
import { passOf } from '../../../artifacts/nginx/facts.ts';
import { argument, type Directive, named, placeOf } from '../../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf, upstreams } from '../../../artifacts/nginx/servers.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { duration } from '../../words.ts';

const BALANCING = /^(?:least_conn|ip_hash|hash|random|least_time)$/;
const PATIENT = 30_000;

export const upstream: Rule = {
  id: 'nginx/upstream',
  severity: 'info',
  title: 'an upstream that is not quite what it says',
  why: '`localhost` is two addresses, and a service that listens on one of them fails every second attempt for a while; balancing over one server balances nothing; a local connection is made at once or never.',
  fix: 'Write 127.0.0.1, leave out what has no effect, and wait a few seconds for a local connection.',
  fixable: 'safe',
  example: { bad: 'server localhost:8000;', good: 'server 127.0.0.1:8000;' },
  check: context => [
    ...[...upstreams(context.documents).values()].flatMap(each => [...twoAddresses(each), ...alone(each)]),
    ...allServers(context.documents)
      .flatMap(locationsOf)
      .flatMap(([location]) => (location ? localhostIn(passOf(location)?.directive) : [])),
    ...patient(context),
  ],
};

const twoAddresses = (block: Directive): Finding[] => named(block.block, 'server').flatMap(localhostIn);

function localhostIn(directive: Directive | undefined): Finding[] {
  const word = directive?.args[0];
  const found = /^((?:[a-z]+:\/\/)?)localhost(?=[:/]|$)/.exec(word?.value ?? '');
  if (!directive || !word || !found) return [];
  const { content } = directive.text;
  const start = content.indexOf('localhost', word.start);
  const edits = start < word.end ? [directive.text.edit(start, start + 'localhost'.length, '127.0.0.1')] : [];
  return [{ at: placeOf(directive), message: 'localhost is ::1 and 127.0.0.1, each tried in turn', edits }];
}

function alone(block: Directive): Finding[] {
  const servers = named(block.block, 'server');
  const address = argument(servers[0]) ?? '';
  const method = block.block?.find(each => BALANCING.test(each.name));
  // A name may be several addresses, and an include or zone may bring more.
  const one = servers.length === 1 && /^(?:\d+(?:\.\d+){3}(?::\d+)?|unix:.*)$/.test(address);
  if (!method || !one || named(block.block, 'include').length > 0) return [];
  return [{ at: placeOf(method), message: `${method.name} over one server, ${address}` }];
}

const patient = ({ members }: Context): Finding[] =>
  members.flatMap((route): Finding[] => {
    const connect = factOf(route, 'proxy.connect');
    const to = factOf(route, 'route')?.value.to ?? [];
    if (route.platform !== 'nginx' || connect?.origin !== 'explicit' || connect.value < PATIENT) return [];
    if (to.length === 0 || !to.every(each => LOOPBACK.test(each.host))) return [];
    return [
      { at: connect.at, message: `waits ${duration(connect.value)} for a connection to this host itself` },
    ];
  });
