import type { Duplex } from 'node:stream';
import { pipe } from '../../exec/run.ts';
import { throughHost } from '../ssh.ts';

/** A connection by way of a host, as the socket that pg would have made by itself. */
export async function tunnel(host: string, address: string, port: number): Promise<Duplex> {
  const stream = await pipe(throughHost(host, address, port));
  const nothing = () => stream;
  return Object.assign(stream, {
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
    connect: () => process.nextTick(() => stream.emit('connect')),
  });
}
