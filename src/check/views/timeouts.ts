import { type AnyFact, type Fact, factOf } from '../../artifacts/fact.ts';
import type { Place } from '../../artifacts/text.ts';
import { backendsOf } from '../backends.ts';
import type { Context, Member } from '../context.ts';
import { known } from '../knowledge.ts';
import { isProbePath, routeFor, serversIn } from '../routing.ts';

/** One limit on the way of a request. */
interface Hop {
  readonly name: string;
  /** In words: "waits between two reads". */
  readonly limits: string;
  readonly milliseconds: number | undefined;
  readonly at: Place;
  /** The default that holds, or what was written. */
  readonly note: string | undefined;
  /** It gives up before the longest request is over. */
  readonly cuts: boolean;
}

/** The way of a request, from the client inwards. */
export interface RequestPath {
  readonly service: string;
  readonly entrance: string;
  readonly environment: string | undefined;
  /** What the longest legal request needs; undefined where nothing says it. */
  readonly longest: { readonly milliseconds: number; readonly what: string; readonly at: Place } | undefined;
  readonly hops: readonly Hop[];
}

export function requestPaths(context: Context): readonly RequestPath[] {
  const routes = context.members.filter(
    member => member.form === 'route' && !isProbePath(factOf(member, 'route')?.value.match.path ?? ''),
  );
  const servers = serversIn(context);
  const through = routes.flatMap(route =>
    backendsOf(context, route).map(backend => {
      const paths = known(context, backend, 'stream.paths')?.value;
      const server = servers.find(each => each.includes(route)) ?? [];
      const streams = paths === undefined || paths.some(path => routeFor(server, path) === route);
      return pathOf(context, backend, route, streams);
    }),
  );
  const reached = new Set(routes.flatMap(route => backendsOf(context, route)));
  const direct = context.members
    .filter(member => member.longRunning && /^(?:container|process)$/.test(member.form))
    .filter(member => member.platform !== 'config' && !reached.has(member) && speaks(context, member))
    .map(member => pathOf(context, member, undefined, true));
  return [...through, ...direct];
}

const LIMITS = ['timeout.request', 'timeout.llm', 'timeout.worker', 'stream.max'] as const;

/** A database or cache that says nothing of requests is no end of a path. */
const speaks = (context: Context, member: Member): boolean =>
  LIMITS.some(kind => known(context, member, kind) !== undefined);

function pathOf(context: Context, backend: Member, route: Member | undefined, streams: boolean): RequestPath {
  const stream = streams ? known(context, backend, 'stream.max') : undefined;
  const request = known(context, backend, 'timeout.request');
  const written = request?.origin === 'default' ? undefined : request;
  const longest = stream && stream.value >= (written?.value ?? 0) ? stream : written;
  return {
    service: backend.service ?? backend.name,
    entrance: route ? `${route.platform} ${route.name}` : `${backend.platform} ${backend.name}`,
    environment: backend.environment ?? route?.environment,
    longest: longest && {
      milliseconds: longest.value,
      what: longest === stream ? 'the longest stream' : 'the longest request',
      at: longest.at,
    },
    hops: [
      ...(route ? hopsOfRoute(context, backend, route, longest) : []),
      ...hopsOfBackend(context, backend, longest),
    ],
  };
}

type Longest = Fact<'stream.max' | 'timeout.request'> | undefined;

const hop = (name: string, limits: string, fact: AnyFact | undefined, cuts: boolean): Hop[] =>
  fact ? [{ name, limits, milliseconds: Number(fact.value), at: fact.at, note: fact.note, cuts }] : [];

function hopsOfRoute(context: Context, backend: Member, route: Member, longest: Longest): Hop[] {
  const [read, whole] = [factOf(route, 'proxy.read'), factOf(route, 'timeout.request')];
  const need = longest?.value ?? 0;
  const heartbeat = longest?.kind === 'stream.max' ? known(context, backend, 'stream.heartbeat') : undefined;
  const silence = Math.min(heartbeat?.value ?? need, need);
  const name = `${route.platform} ${route.name}`;
  return [
    ...hop(name, 'ends a request after', whole, (whole?.value ?? need) < need),
    ...hop(name, 'waits between two reads', read, (read?.value ?? need) < silence),
  ];
}

function hopsOfBackend(context: Context, backend: Member, longest: Longest): Hop[] {
  const need = longest?.value ?? 0;
  const name = `${backend.platform} ${backend.name}`;
  const platform = backend.platform === 'cloudrun' ? factOf(backend, 'timeout.request') : undefined;
  const worker =
    factOf(backend, 'server')?.value.workerClass === 'sync' ? factOf(backend, 'timeout.worker') : undefined;
  const request = known(context, backend, 'timeout.request');
  const llm = known(context, backend, 'timeout.llm');
  const limited = [
    ...hop(`Cloud Run ${backend.name}`, 'ends a request after', platform, (platform?.value ?? need) < need),
    ...hop("gunicorn's worker", 'is replaced after', worker, (worker?.value ?? need) < need),
  ];
  // A call to the model that streams has limits of its own.
  if (longest?.kind === 'stream.max')
    return [...limited, ...hop(name, 'ends a stream after', longest as AnyFact, false)];
  return [
    ...limited,
    ...(request === platform ? [] : hop(name, 'ends a request after', request, false)),
    ...hop('the model', 'is given', llm, request !== undefined && (llm?.value ?? 0) >= request.value),
  ];
}
