import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Access } from '../deployment.ts';
import { busyFor } from '../health/busy.ts';
import { type Answer, ask } from '../http/answer.ts';
import type { Trouble } from '../http/trouble.ts';
import { createHistogram, type Histogram } from './histogram.ts';

export interface Sample {
  readonly latencies: Histogram;
  readonly requests: number;
  readonly errors: number;
  readonly busy: number;
  /** What the first error was. */
  readonly firstError: string | undefined;
}

export interface Load {
  readonly access: Access;
  readonly path: string;
  readonly samples: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Milliseconds of one request. */
  readonly timeout: number;
}

/** So many requests at once over kept connections, each as soon as the one before it is answered. */
export async function sample({ access, path, samples, concurrency, signal, timeout }: Load): Promise<Sample> {
  const options = { keepAlive: true, maxSockets: concurrency };
  const agent = access.base.protocol === 'https:' ? new SecureAgent(options) : new Agent(options);
  const latencies = createHistogram();
  const seen = { requests: 0, errors: 0, busy: 0, firstError: undefined as string | undefined };
  let left = samples;
  const client = async () => {
    const asker = createAsker({ access, path, agent, signal, timeout });
    // The first one opens the connection, which is another matter.
    await asker.ask();
    while (left-- > 0 && !signal.aborted) {
      const answer = await asker.ask();
      // What was cut off by the end of the attempt says nothing.
      if (signal.aborted) break;
      seen.requests++;
      if (answer.kind === 'trouble') count(`it ${answer.what}`);
      else if (busyFor(answer) !== undefined) seen.busy++;
      else if (answer.status >= 300) count(`status ${answer.status}`);
      else latencies.record(answer.phases.total);
    }
    asker.close();
  };
  const count = (error: string) => {
    seen.errors++;
    seen.firstError ??= error;
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, samples) }, client));
  agent.destroy();
  return { latencies, ...seen };
}

type Limits = Pick<Load, 'access' | 'path' | 'signal' | 'timeout'> & { readonly agent: Agent };

/** One request after the other, each with its own time, and one signal for all that end in time: they are many. */
function createAsker({ access, path, agent, signal, timeout }: Limits) {
  let controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  return {
    async ask(): Promise<Answer | Trouble> {
      if (controller.signal.aborted && !signal.aborted) controller = new AbortController();
      const timer = setTimeout(abort, timeout);
      try {
        return await ask({ access, path, agent, signal: controller.signal, within: timeout });
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => signal.removeEventListener('abort', abort),
  };
}
