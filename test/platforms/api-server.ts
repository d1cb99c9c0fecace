/** The cluster's API server, by way of one that goes away and comes back. */
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { kubeconfigLike } from './cluster.ts';

/** Refused, as where its machine is gone; or silent, as where it is stopped: what was sent arrives when it goes on. */
export type Absence = 'gone' | 'silent';

export interface ApiServer {
  /** Leads the same user by this way. */
  readonly kubeconfig: string;
  away(how: Absence, milliseconds: number): Promise<void>;
  close(): void;
}

export async function apiServer(kubeconfig: string): Promise<ApiServer> {
  let real: URL | undefined;
  const sockets = new Set<Socket>();
  let absent: Absence | undefined;
  const through = (socket: Socket) => {
    const onward = connect(Number(real?.port), real?.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from) && to.destroy());
    }
  };
  const waiting = new Set<Socket>();
  const server = createServer(socket => {
    if (absent === undefined) through(socket);
    else if (absent === 'gone') socket.destroy();
    else waiting.add(socket.on('error', () => waiting.delete(socket)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    kubeconfig: await kubeconfigLike(kubeconfig, ({ clusters: [entry] }) => {
      if (!entry) throw new Error('the kubeconfig names no cluster');
      real = new URL(entry.cluster.server);
      entry.cluster.server = `https://127.0.0.1:${address.port}`;
      entry.cluster['tls-server-name'] = 'kubernetes';
    }),
    async away(how, milliseconds) {
      absent = how;
      for (const socket of sockets)
        if (how === 'gone') socket.destroy();
        else socket.pause();
      await sleep(milliseconds);
      absent = undefined;
      for (const socket of sockets) socket.resume();
      for (const socket of waiting) through(socket);
      waiting.clear();
    },
    close: () => server.close(),
  };
}
