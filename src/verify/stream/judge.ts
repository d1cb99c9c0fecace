import type { StreamExpectation } from '../deployment.ts';
import { type Difference, fail, type Observation, pass, undecided } from '../probe.ts';
import type { StreamDetail } from '../verification.ts';
import type { Seen } from './read.ts';

export interface Demands {
  readonly expectation: Pick<StreamExpectation, 'firstEvent' | 'idle' | 'heartbeat'>;
  readonly minEvents: number;
  /** The data of the last event. */
  readonly end: string | undefined;
  readonly text: string | undefined;
  /** Milliseconds that it has to last to prove anything; 0 where it need not. */
  readonly mustLast: number;
  /** It has to end by itself, not to flow for ever. */
  readonly mustEnd: boolean;
}

const s = (milliseconds: number) =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;

/** What a stream did, against what it has to do. The first objection is the one to mend first. */
export function judgeStream(asked: string, seen: Seen, demands: Demands): Observation {
  const detail = { stream: detailOf(seen) };
  const heaps = buffered(seen);
  const objection = broken(seen, demands) ?? late(seen, demands) ?? heaps ?? wrongEnd(seen, demands);
  if (objection && objection === heaps && seen.stoodStill > seen.duration / SHARE)
    return undecided({
      expected: heaps.expected,
      observed: `${asked}: events came in heaps, but this process stood still for ${s(seen.stoodStill)} of ${s(seen.duration)}`,
      next: 'look again where the machine that looks has less to do',
      detail,
    });
  if (objection) return fail({ ...objection, observed: `${asked}: ${objection.observed}`, detail });
  if (seen.duration < demands.mustLast && seen.end !== 'held')
    return undecided({
      expected: `a stream longer than ${s(demands.mustLast)}`,
      observed: `${asked} ended by itself after ${s(seen.duration)}`,
      next: 'add a smoke that streams for longer, so that the timeouts on its way are seen',
      detail,
    });
  const flow = `${seen.events} events, the first after ${s(seen.first ?? 0)}, the largest gap ${s(seen.largestGap)}`;
  const ended =
    seen.end === 'held' ? `still flowing after ${s(seen.duration)}` : `a clean end after ${s(seen.duration)}`;
  return pass(`${asked}: ${flow}, ${ended}`, detail);
}

/** What is worth showing of it. */
export function detailOf({
  arrivals,
  events,
  heartbeats,
  first,
  largestGap,
  duration,
}: StreamDetail): StreamDetail {
  return {
    arrivals,
    events,
    heartbeats,
    first,
    largestGap: Math.round(largestGap),
    duration: Math.round(duration),
  };
}

function broken(seen: Seen, { mustEnd }: Demands): Difference | undefined {
  if (seen.end === 'cut')
    return {
      expected: 'a stream that ends by itself',
      observed: `after ${seen.events} events and ${s(seen.duration)} it ${seen.trouble?.what ?? 'was cut'}`,
      next:
        seen.trouble?.cause === 'timeout'
          ? 'find out what it waits for, or give it more time under `within` or `stream`'
          : 'compare the time with the timeouts on its way: proxy, ingress, load balancer, worker',
    };
  if (seen.end === 'overlong')
    return {
      expected: 'events of less than 1 MiB',
      observed: `${seen.events} events and then more than can be one`,
      next: 'check what the endpoint sends',
    };
  if (seen.complaint)
    return {
      expected: 'a stream without an error',
      observed: `it says ${seen.complaint}`,
      next: 'look at the logs of the service at that moment',
    };
  if (mustEnd && seen.end === 'held')
    return {
      expected: 'an end',
      observed: `it still flowed after ${s(seen.duration)} and ${seen.events} events`,
      next: 'let it send its last event and close, or give it more time under `within`',
    };
  return undefined;
}

function late(seen: Seen, { expectation, minEvents }: Demands): Difference | undefined {
  const { firstEvent, idle, heartbeat } = expectation;
  if (seen.events < minEvents)
    return {
      expected: `${minEvents} events or more`,
      observed: `${seen.events} events in ${s(seen.duration)}`,
      next: 'look at what the endpoint sends for this request',
    };
  if (seen.first !== undefined && seen.first > firstEvent)
    return {
      expected: `the first event within ${s(firstEvent)} (stream.firstEvent)`,
      observed: `the first event came after ${s(seen.first)}`,
      next: 'look at the model behind it, or raise stream.firstEvent',
    };
  if (seen.largestGap > idle)
    return {
      expected: `no silence of more than ${s(idle)} (stream.idle)`,
      observed: `it was silent for ${s(seen.largestGap)}`,
      next: 'send heartbeats: clients and proxies give up a silent stream',
    };
  // Twice the period: one heartbeat may be late, two are missing.
  if (seen.largestGap > heartbeat * 2)
    return {
      expected: `something every ${s(heartbeat)} (stream.heartbeat)`,
      observed: `it was silent for ${s(seen.largestGap)}`,
      next: 'send a comment such as `: heartbeat` while there is nothing else to say',
    };
  return undefined;
}

/** Shorter streams, and fewer events, may come at once for no fault of anybody. */
const TELLING = { duration: 500, events: 4, perBurst: 4 };

/** Of a stream, the part that has to be missed before heaps of events say nothing. */
const SHARE = 4;

/** Events that came in few heaps were held back on their way, whatever the headers promised. */
function buffered({ events, bursts, first = 0, duration }: Seen): Difference | undefined {
  if (events < TELLING.events || duration < TELLING.duration || bursts > events / TELLING.perBurst)
    return undefined;
  const heaps =
    bursts === 1
      ? `all ${events} events came at once after ${s(first)}`
      : `${events} events came in ${bursts} heaps`;
  return {
    expected: 'events that arrive one by one',
    observed: `${heaps}: something on the way buffers them`,
    next: 'switch buffering and compression off on the streaming path (nginx: proxy_buffering off), and let the service flush each event',
  };
}

function wrongEnd(seen: Seen, { end, text }: Demands): Difference | undefined {
  if (seen.unfinished && seen.end === 'clean')
    return {
      expected: 'an empty line behind the last event',
      observed: 'it ended in the middle of an event',
      next: 'end each event with an empty line, and look for what cuts the stream',
    };
  if (end !== undefined && seen.lastData.trim() !== end)
    return {
      expected: `"${end}" as the last event`,
      observed: `the last event is "${seen.lastData.slice(0, 80)}"`,
      next: 'look for what cuts the stream before its end',
    };
  if (text !== undefined && !seen.text.includes(text))
    return {
      expected: `"${text}" among the events`,
      observed: `${seen.events} events without it`,
      next: 'look at what the endpoint answers',
    };
  return undefined;
}
