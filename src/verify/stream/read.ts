import type { Opened } from '../http/exchange.ts';
import type { Trouble } from '../http/trouble.ts';
import type { StreamDetail } from '../verification.ts';
import { createParser, LONGEST_LINE } from './parser.ts';

export interface Seen extends StreamDetail {
  /** How it came to an end. `held`: it was let go after it had flown long enough. */
  readonly end: 'clean' | 'held' | 'cut' | 'overlong';
  readonly trouble: Trouble | undefined;
  readonly lastData: string;
  /** Names of events that tell of a failure or a shutdown, with their data. */
  readonly complaint: string | undefined;
  /** Groups of events that came together. */
  readonly bursts: number;
  /** The longest time, in milliseconds, in which this process did not run, so that whatever came then came at once. */
  readonly stoodStill: number;
  /** Something stood behind the last whole event. */
  readonly unfinished: boolean;
  readonly text: string;
}

interface StreamLimits {
  /** Milliseconds after which a stream that flows has flown long enough. */
  readonly hold: number;
  readonly onEvent?: () => void;
}

const MOST_ARRIVALS = 2_000;
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_TEXT = 64 * 1024;
/** Events closer than this came together. */
const TOGETHER = 5;
const COMPLAINTS = /^(?:error|shutdown|abort(?:ed)?|timeout)$/i;

/** Reads a stream and when each of its events came: headers may promise anything. */
export async function readStream(opened: Opened, { hold, onEvent }: StreamLimits): Promise<Seen> {
  const parser = createParser();
  const decoder = new TextDecoder();
  const record = createRecord(opened.startedAt);
  const stoodStill = watchOneself();
  let end: Seen['end'] = 'clean';
  let trouble: Trouble | undefined;
  let bytes = 0;
  // What flows is let go on time also between two events.
  let held = false;
  const timer = setTimeout(
    () => {
      held = true;
      opened.close();
    },
    Math.max(0, hold - (performance.now() - opened.startedAt)),
  );
  try {
    for await (const chunk of opened.body) {
      bytes += chunk.length;
      record.chunk(parser.feed(decoder.decode(chunk, { stream: true })), onEvent);
      if (bytes > MOST_BYTES || parser.pending().length > LONGEST_LINE) {
        end = 'overlong';
        break;
      }
    }
  } catch (error) {
    if (!held) {
      end = 'cut';
      trouble = opened.trouble(error);
    }
  } finally {
    clearTimeout(timer);
    opened.close();
  }
  if (held) end = 'held';
  return {
    ...record.seen(),
    stoodStill: stoodStill(),
    end,
    trouble,
    unfinished: parser.pending() !== '',
  };
}

const TICK = 20;

/** On a machine without time for it, a process is late for its own clock too. */
function watchOneself(): () => number {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK);
    last = now;
  };
  const timer = setInterval(look, TICK);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}

function createRecord(startedAt: number) {
  const arrivals: number[] = [];
  let [events, heartbeats, bursts, largestGap, last, lastEvent] = [0, 0, 0, 0, 0, Number.NEGATIVE_INFINITY];
  let first: number | undefined;
  let [lastData, text] = ['', ''];
  let complaint: string | undefined;
  return {
    chunk(found: ReturnType<ReturnType<typeof createParser>['feed']>, onEvent?: () => void) {
      const at = performance.now() - startedAt;
      // The wait for the first one is not a gap between two.
      if (events + heartbeats > 0) largestGap = Math.max(largestGap, at - last);
      last = at;
      for (const { kind, name, data } of found) {
        if (kind === 'comment') {
          heartbeats++;
          continue;
        }
        first ??= at;
        events++;
        if (at - lastEvent > TOGETHER) bursts++;
        lastEvent = at;
        if (arrivals.length < MOST_ARRIVALS) arrivals.push(Math.round(at * 10) / 10);
        lastData = data;
        if (text.length < LONGEST_TEXT) text += `${data}\n`;
        if (COMPLAINTS.test(name)) complaint = `event: ${name}, data: ${data.slice(0, 120)}`;
        onEvent?.();
      }
    },
    seen: () => ({
      arrivals,
      events,
      heartbeats,
      bursts,
      first,
      largestGap: Math.max(largestGap, performance.now() - startedAt - last),
      duration: performance.now() - startedAt,
      lastData,
      complaint,
      text,
    }),
  };
}
