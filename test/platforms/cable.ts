/** A way to a server that can be cut in the middle of what goes over it, and mended. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type ListenOptions, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

export interface Cable {
  /** Where it begins: a port of 127.0.0.1, or the socket that it was told. */
  readonly port: number;
  /** All connections break, and none is made for so many milliseconds. */
  cut(milliseconds: number): Promise<void>;
  /** The same, but nobody is told: what was sent just never arrives. */
  hang(milliseconds: number): Promise<void>;
}

const laid: (() => void)[] = [];
afterAll(() => {
  for (const end of laid.splice(0)) end();
});

type End = { readonly host: string; readonly port: number } | { readonly path: string };

export async function cable(to: End, from: ListenOptions = { host: '127.0.0.1', port: 0 }): Promise<Cable> {
  const sockets = new Set<Socket>();
  let state: 'well' | 'cut' | 'hanging' = 'well';
  const server = createServer({ allowHalfOpen: true }, socket => {
    if (state === 'cut') socket.destroy();
    else join(socket, connect({ ...to, allowHalfOpen: true }));
  });
  const join = (socket: Socket, onward: Socket) => {
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (state === 'hanging') one.pause();
    }
  };
  const bad = async (how: 'cut' | 'hanging', milliseconds: number) => {
    state = how;
    for (const socket of sockets)
      if (how === 'cut') socket.destroy();
      else socket.pause();
    await sleep(milliseconds);
    state = 'well';
    // As after a change of the network: what hung so long is dead for ever.
    for (const socket of sockets) if (socket.isPaused()) socket.destroy();
  };
  server.listen(from);
  await once(server, 'listening');
  laid.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    cut: milliseconds => bad('cut', milliseconds),
    hang: milliseconds => bad('hanging', milliseconds),
  };
}
