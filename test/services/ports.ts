// Ports for what tests start.

import { createServer } from 'node:net';

/**
 * Below those that the system hands out to whoever asks for any, or calls somebody: until what is to listen has started,
 * nobody comes by such a port by chance. A second instance listens ten thousand above, where nobody else does either.
 */
const FIRST = 12_000;
const COUNT = 6_000;
const given = new Set<number>();

/** A loopback port that nobody listens on, and that nobody else here was given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
