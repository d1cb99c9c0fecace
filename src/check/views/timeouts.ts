import { type AnyFact, factOf } from '../../artifacts/fact.ts';
import type { Place } from '../../artifacts/text.ts';
import { backendsOf } from '../backends.ts';
import type { Context, Member } from '../context.ts';
import { known } from '../knowledge.ts';
import { isProbePath } from '../routing.ts';

/** One limit on the way of a request. */
export interface Hop {
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
  const through = routes.flatMap(route =>
    backendsOf(context, route).map(backend => pathOf(context, backend, route)),
  );
  const reached = new Set(routes.flatMap(route => backendsOf(context, route)));
  const direct = context.members
    .filter(member => member.longRunning && /^(?:container|process)$/.test(member.form))
    .filter(member => member.platform !== 'config' && !reached.has(member) && speaks(context, member))
    .map(member => pathOf(context, member, undefined));
  return [...through, ...direct];
}

const LIMITS = ['timeout.request', 'timeout.llm', 'timeout.worker', 'stream.max'] as const;

/** A database or cache that says nothing of requests is no end of a path. */
const speaks = (context: Context, member: Member): boolean =>
  LIMITS.some(kind => known(context, member, kind) !== undefined);

function pathOf(context: Context, backend: Member, route: Member | undefined): RequestPath {
  const stream = known(context, backend, 'stream.max');
  const request = known(context, backend, 'timeout.request');
  const longest = [stream, request]
    .filter(fact => fact !== undefined && fact.origin !== 'default')
    .sort((a, b) => (b?.value ?? 0) - (a?.value ?? 0))[0];
  const need = longest?.value ?? 0;
  const heartbeat = known(context, backend, 'stream.heartbeat')?.value;
  const hop = (name: string, limits: string, fact: AnyFact | undefined, cuts: boolean): Hop[] =>
    fact ? [{ name, limits, milliseconds: Number(fact.value), at: fact.at, note: fact.note, cuts }] : [];
  const read = route && factOf(route, 'proxy.read');
  const silence = heartbeat !== undefined && longest === stream ? Math.min(heartbeat, need) : need;
  const platform = backend.platform === 'cloudrun' ? factOf(backend, 'timeout.request') : undefined;
  const server = factOf(backend, 'server')?.value;
  const worker = server?.workerClass === 'sync' ? factOf(backend, 'timeout.worker') : undefined;
  const llm = known(context, backend, 'timeout.llm');
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
      ...(route
        ? hop(
            `${route.platform} ${route.name}`,
            'waits between two reads',
            read,
            (read?.value ?? need) < silence,
          )
        : []),
      ...hop(`Cloud Run ${backend.name}`, 'ends a request after', platform, (platform?.value ?? need) < need),
      ...hop(`${server?.program} worker`, 'is replaced after', worker, (worker?.value ?? need) < need),
      ...(request !== platform
        ? hop(`${backend.platform} ${backend.name}`, 'ends a request after', request, false)
        : []),
      ...hop('the model', 'is given', llm, request !== undefined && (llm?.value ?? 0) >= request.value),
    ],
  };
}
