import { type Fact, factOf } from '../../../artifacts/fact.ts';
import { ways } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { nginxSeconds, settingOf } from '../../edits/nginx.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

export const backendOutlivesProxy: Rule = {
  id: 'cross/backend-outlives-proxy',
  severity: 'warning',
  title: 'a proxy that gives up before the service does',
  why: 'The client is told 504 while the service works on: the answer is thrown away, the model is paid for it, and a client that tries again doubles the load.',
  fix: 'Let the proxy wait longer than a request may take, or limit requests below what the proxy waits.',
  fixable: 'unsafe',
  example: {
    bad: 'proxy_read_timeout 60s;   # REQUEST_TIMEOUT=90s',
    good: 'proxy_read_timeout 95s;   # REQUEST_TIMEOUT=90s',
  },
  check: context => ways(context).flatMap(({ route, backend }) => findingsOf(context, route, backend)),
};

/** What a proxy waits beyond the longest request; milliseconds. */
const MARGIN = 5_000;

function findingsOf(context: Context, route: Member, backend: Member): Finding[] {
  const read = factOf(route, 'proxy.read') ?? factOf(route, 'timeout.request');
  const longest = workOf(context, backend);
  if (!read || !longest || longest.value <= read.value) return [];
  const message = `${route.name} gives up after ${duration(read.value)}${quoted(read)}, but a request to ${backend.service ?? backend.name} may take ${duration(longest.value)}`;
  const wanted = nginxSeconds(longest.value + MARGIN);
  const edits = settingOf(context, route.at, 'proxy_read_timeout', wanted);
  return [{ at: read.at, message, related: [cited(longest)], edits }];
}

/** Silence of an asynchronous worker says nothing about a request. */
function workOf(context: Context, backend: Member): Fact<'timeout.request' | 'timeout.worker'> | undefined {
  const request = known(context, backend, 'timeout.request');
  if (request) return request;
  const server = factOf(backend, 'server')?.value;
  return server?.workerClass === 'sync' ? factOf(backend, 'timeout.worker') : undefined;
}
