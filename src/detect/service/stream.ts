import type { DetectedService, EnvVariable } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import { duration } from './quantities.ts';
import type { ReadRoute } from './routes.ts';

const settings = [
  ['maxDuration', /^(\w+_)?STREAM_(MAX_DURATION|TIMEOUT|MAX)(_S|_MS|_SECONDS)?$|MAX_STREAM_DURATION/],
  ['heartbeat', /^(\w+_)?(SSE_|STREAM_)?HEARTBEAT(_INTERVAL)?(_S|_MS|_SECONDS)?$/],
  ['idle', /^(\w+_)?STREAM_IDLE(_TIMEOUT)?(_S|_MS|_SECONDS)?$/],
] as const;

/** The routes that stream, and what variables say about how long. */
export function streamOf(routes: ReadRoute[], env: EnvVariable[]): DetectedService['stream'] {
  // One kind a service: what most routes are, and event streams before sockets where there is as much of both.
  const of = (kind: 'sse' | 'websocket') => routes.filter(route => route.marks.stream === kind);
  const [sse, sockets] = [of('sse'), of('websocket')];
  const chosen = sse.length >= sockets.length ? sse : sockets;
  const [first] = chosen;
  if (!first) return undefined;
  const value: NonNullable<DetectedService['stream']>['value'] = {
    kind: first.marks.stream ?? 'sse',
    // A path with a parameter is known by what stands before it.
    paths: [...new Set(chosen.map(({ path }) => path.replace(/[:{<*[].*$/, '')))].sort(),
  };
  const evidence = chosen.map(({ call }) => evidenceAt(call.file, call.node));
  for (const [key, pattern] of settings) {
    const variable = env.find(({ name }) => pattern.test(name));
    const found = variable && duration(variable.default, variable.name);
    if (!found) continue;
    value[key] = found;
    evidence.push(...variable.evidence);
  }
  return finding(value, evidence);
}
