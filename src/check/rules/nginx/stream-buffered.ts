import { factOf } from '../../../artifacts/fact.ts';
import { argument, type Directive, effectiveAll, placeOf } from '../../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../../../artifacts/nginx/servers.ts';
import { backendsOf } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { settingOf } from '../../edits/nginx.ts';
import { known } from '../../knowledge.ts';
import { routeFor, serversIn } from '../../routing.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

const LONG = 300_000;

export const streamBuffered: Rule = {
  id: 'nginx/stream-buffered',
  severity: ['error', 'info'],
  title: 'a stream that the proxy collects before it passes it on',
  why: 'With buffering on nginx waits for a full buffer: the tokens of an answer arrive in bursts or all at once at its end, and heartbeats do not arrive at all. A service can turn it off for an answer by X-Accel-Buffering: no.',
  fix: 'Set proxy_buffering off in the location that serves the stream.',
  fixable: 'safe',
  example: {
    bad: 'location /api/stream { proxy_pass http://api; }',
    good: 'location /api/stream { proxy_pass http://api; proxy_buffering off; }',
  },
  check: context => {
    const upgraded = upgradedAt(context);
    return serversIn(context)
      .flatMap(routes => [...served(context, routes), ...meant(context, routes)])
      .filter(({ at }) => !upgraded.has(`${at.file}:${at.line}:${at.column}`));
  },
};

/** Where WebSockets pass: once upgraded, nothing of a connection is buffered. */
const upgradedAt = ({ documents }: Context): ReadonlySet<string> =>
  new Set(
    allServers(documents)
      .flatMap(locationsOf)
      .filter(chain =>
        effectiveAll(chain, 'proxy_set_header').some(each => /^upgrade$/i.test(argument(each) ?? '')),
      )
      .map(([location]) => placeOf(location as Directive))
      .map(({ file, line, column }) => `${file}:${line}:${column}`),
  );

/** Routes that serve a path which is known to stream. */
function served(context: Context, routes: readonly Member[]): Finding[] {
  const backends = [...new Set(routes.flatMap(route => backendsOf(context, route)))];
  return backends.flatMap(backend => {
    const paths = known(context, backend, 'stream.paths');
    return (paths?.value ?? []).flatMap((path): Finding[] => {
      const route = routeFor(routes, path);
      const buffering = route && factOf(route, 'proxy.buffering');
      if (!paths || !route || !buffering?.value || !backendsOf(context, route).includes(backend)) return [];
      const message = `${backend.service ?? backend.name} streams on ${path}, and this location buffers it${quoted(buffering)}`;
      const edits = settingOf(context, route.at, 'proxy_buffering', 'off');
      return [{ at: route.at, message, related: [cited(paths)], edits }];
    });
  });
}

/** A location whose name and patience say that it is for streams. */
function meant(context: Context, routes: readonly Member[]): Finding[] {
  return routes.flatMap((route): Finding[] => {
    const [buffering, read] = [factOf(route, 'proxy.buffering'), factOf(route, 'proxy.read')];
    const path = factOf(route, 'route')?.value.match.path ?? '';
    const streams = /(?:^|[/_-])(?:stream|streams|streaming|sse)(?:[/_$?(-]|$)/i.test(path);
    if (!buffering?.value || !streams || !read || read.value < LONG) return [];
    const message = `${path} waits ${duration(read.value)} for what streams, with buffering on: only answers with X-Accel-Buffering: no pass at once`;
    const edits = settingOf(context, route.at, 'proxy_buffering', 'off');
    return [{ at: route.at, severity: 'info', message, edits }];
  });
}
