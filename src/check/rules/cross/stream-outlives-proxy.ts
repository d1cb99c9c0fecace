import { factOf } from '../../../artifacts/fact.ts';
import { backendsOf } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { nginxSeconds, settingOf } from '../../edits/nginx.ts';
import { known } from '../../knowledge.ts';
import { routeFor, serversIn } from '../../routing.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

export const streamOutlivesProxy: Rule = {
  id: 'cross/stream-outlives-proxy',
  severity: 'error',
  title: 'a stream that a proxy or platform cuts before it ends',
  why: 'An answer that streams for longer than the read timeout before it breaks off in the middle, each time at the same second; users see half an answer, and it was paid for in full.',
  fix: 'Raise the read timeout above the longest stream on that path, or send a sign of life more often than it.',
  fixable: 'safe',
  example: {
    bad: 'location /api/stream { proxy_pass http://api; }   # streams last 5m, read timeout 60s',
    good: 'location /api/stream { proxy_pass http://api; proxy_read_timeout 305s; }',
  },
  check: context => [
    ...serversIn(context).flatMap(routes => proxied(context, routes)),
    ...context.members.flatMap(member => limited(context, member)),
  ],
};

/** What a proxy waits beyond the longest stream; milliseconds. */
const MARGIN = 5_000;

/** A proxy waits between two reads: a heartbeat within its timeout keeps the stream. */
function proxied(context: Context, routes: readonly Member[]): Finding[] {
  return carriers(context, routes).flatMap(({ route, backend }) => {
    const stream = known(context, backend, 'stream.max');
    const heartbeat = known(context, backend, 'stream.heartbeat');
    const [read, whole] = [factOf(route, 'proxy.read'), factOf(route, 'timeout.request')];
    if (!stream) return [];
    const name = backend.service ?? backend.name;
    const streams = `but ${name} streams for up to ${duration(stream.value)}`;
    // An HTTPRoute limits the whole request, whatever is sent.
    if (whole && stream.value > whole.value)
      return [
        {
          at: whole.at,
          message: `${route.name} ends a request after ${duration(whole.value)}, ${streams}`,
          related: [cited(stream)],
        },
      ];
    if (!read || stream.value <= read.value || (heartbeat && heartbeat.value < read.value)) return [];
    const message = `${route.name} gives up after ${duration(read.value)} of silence${quoted(read)}, ${streams}`;
    const wanted = nginxSeconds(stream.value + MARGIN);
    return [
      {
        at: read.at,
        message,
        related: [cited(stream), ...(heartbeat ? [cited(heartbeat)] : [])],
        edits: settingOf(context, route.at, 'proxy_read_timeout', wanted),
      },
    ];
  });
}

/** The routes that streams take: by their paths where these are known, else the most patient one. */
function carriers(context: Context, routes: readonly Member[]) {
  const pairs = routes.flatMap(route => backendsOf(context, route).map(backend => ({ route, backend })));
  return [...new Set(pairs.map(pair => pair.backend))].flatMap(backend => {
    const own = pairs.filter(pair => pair.backend === backend);
    const paths = known(context, backend, 'stream.paths')?.value;
    if (paths)
      return [...new Set(paths.map(path => routeFor(routes, path)))].flatMap(
        route => own.find(pair => pair.route === route) ?? [],
      );
    const patience = (route: Member) =>
      (factOf(route, 'proxy.read') ?? factOf(route, 'timeout.request'))?.value ?? Number.POSITIVE_INFINITY;
    return own.sort((a, b) => patience(b.route) - patience(a.route)).slice(0, 1);
  });
}

/** Cloud Run ends a request whatever is sent. */
function limited(context: Context, member: Member): Finding[] {
  if (member.platform !== 'cloudrun') return [];
  const [limit, stream] = [factOf(member, 'timeout.request'), known(context, member, 'stream.max')];
  if (!limit || !stream || stream.value <= limit.value) return [];
  const message = `Cloud Run ends a request of ${member.name} after ${duration(limit.value)}${quoted(limit)}, but it streams for up to ${duration(stream.value)}`;
  return [{ at: limit.at, message, related: [cited(stream)] }];
}
