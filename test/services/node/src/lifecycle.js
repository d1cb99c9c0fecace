// Whether the service starts, runs or drains; and the way from one to the next.

import { setTimeout as sleep } from 'node:timers/promises';
import { log } from './log.js';
import { settings } from './settings.js';

// How long a stream has for its last event once the drain is out of time.
const GOODBYE_MS = 2000;
const SWEEP_MS = 100;

export const lifecycle = { started: false, draining: false, inFlight: 0 };

const streamsEnd = new AbortController();

/** Aborted when the drain is out of time: what still streams says goodbye now. */
export const streamsEndSignal = streamsEnd.signal;

export function markStartedAfterSlowStart() {
  setTimeout(() => {
    lifecycle.started = true;
  }, settings.slowStart);
}

/** Drains on the first signal; the second one finds no handler and ends the process at once. */
export function drainOnSignal(server, closeSockets) {
  const onSignal = async signal => {
    for (const name of ['SIGTERM', 'SIGINT']) process.removeListener(name, onSignal);
    log.info('received shutdown signal', { signal });
    await drain(server, closeSockets);
    process.exit(0);
  };
  for (const name of ['SIGTERM', 'SIGINT']) process.on(name, onSignal);
}

async function drain(server, closeSockets) {
  lifecycle.draining = true;
  await sleep(settings.drainDelay); // load balancers see the 503 of /health/ready and send nothing new

  log.info('stopping HTTP server');
  const closed = new Promise(resolve => {
    server.close(resolve); // idle connections go at once, the others after their request
  });
  closeSockets();
  setInterval(() => server.closeIdleConnections(), SWEEP_MS); // those that became idle since: Node would keep them
  log.info('waiting for in-flight requests', { count: lifecycle.inFlight });
  const outOfTime = sleep(settings.shutdownTimeout).then(() => {
    streamsEnd.abort();
    return sleep(GOODBYE_MS, 'abandoned');
  });
  if ((await Promise.race([closed, outOfTime])) === 'abandoned') {
    log.warn('in-flight requests abandoned', { count: lifecycle.inFlight });
    server.closeAllConnections();
  }

  log.info('flushing telemetry');
  log.info('shutdown complete');
}
