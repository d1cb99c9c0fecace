import { setMaxListeners } from 'node:events';
import { EXIT } from './exit.ts';

let orderly: AbortController | undefined;

/** Ctrl-C ends the program at once, unless a command asked to be told first; twice always does. */
export function watchInterrupts(): void {
  process.on('SIGINT', () => {
    if (orderly && !orderly.signal.aborted) {
      orderly.abort();
      return;
    }
    process.stderr.write('aideploy: interrupted\n');
    process.exit(EXIT.interrupted);
  });
}

/** For a command that has something to say when it is interrupted. */
export function interruption(): AbortSignal {
  if (orderly) return orderly.signal;
  orderly = new AbortController();
  // Each request that is under way listens, and no few of them are no leak.
  setMaxListeners(0, orderly.signal);
  return orderly.signal;
}
