import type { ServiceConfig } from '../config/schema/config.ts';

const SECOND = 1_000;
/** What a stop needs beyond the drain: flushing telemetry and ending the process. */
const STOP_MARGIN = 5 * SECOND;
/** How much longer a proxy waits than the server works, so that the server's answer wins the race. */
const PROXY_MARGIN = 5 * SECOND;
const PROXY_KEEP_ALIVE = 75 * SECOND;
const GOOGLE_KEEP_ALIVE = 620 * SECOND;

/** Every time on the way of a request and of a stop, in milliseconds, from the few that were written. */
export interface Timing {
  readonly request: number;
  readonly llm: number;
  readonly startup: number;
  /** R: the longest legal request, streams counted. */
  readonly longest: number;
  /** D: how long work goes on after SIGTERM. */
  readonly drain: number;
  readonly drainDelay: number;
  /** TimeoutStopSec, stop_grace_period, docker stop: the drain and what follows it. */
  readonly stop: number;
  /** terminationGracePeriodSeconds: preStop counts inside it. */
  readonly grace: number;
  /** A proxy's read timeout where nothing streams, and on the streaming paths. */
  readonly proxyRead: number;
  readonly proxyStreamRead: number;
  /** The server's keep-alive, longer than that of the proxy before it. */
  readonly keepAlive: number;
  readonly keepAliveBehindGoogle: number;
  /** gunicorn: silence after which a worker is replaced; a draining worker is silent. */
  readonly workerSilence: number;
  /** Streams may be open longer than the drain, so a stop ends some with a last event. */
  readonly streamsOutliveDrain: boolean;
  readonly cloudRunTimeout: number;
}

export function timingOf(service: Pick<ServiceConfig, 'timeouts' | 'stream' | 'workers'>): Timing {
  const { request, startup, drainDelay } = service.timeouts;
  const streams = service.stream.kind !== 'none';
  const longest = streams ? Math.max(service.stream.maxDuration, request) : request;
  const drain = service.timeouts.drain ?? longest + STOP_MARGIN;
  const stop = wholeSeconds(drain + STOP_MARGIN);
  return {
    request,
    llm: service.timeouts.llm ?? Math.floor(request * 0.75),
    startup,
    longest,
    drain,
    drainDelay,
    stop,
    grace: wholeSeconds(drainDelay) + stop,
    proxyRead: wholeSeconds(request + PROXY_MARGIN),
    proxyStreamRead: wholeSeconds(longest + PROXY_MARGIN),
    keepAlive: PROXY_KEEP_ALIVE + PROXY_MARGIN,
    keepAliveBehindGoogle: GOOGLE_KEEP_ALIVE + PROXY_MARGIN,
    workerSilence: service.workers.timeout ?? wholeSeconds(drain + PROXY_MARGIN),
    streamsOutliveDrain: streams && service.stream.maxDuration > drain,
    cloudRunTimeout: wholeSeconds(longest),
  };
}

/** Platforms that count in seconds get the next whole one: never less than was asked for. */
export const wholeSeconds = (milliseconds: number): number => Math.ceil(milliseconds / SECOND) * SECOND;
