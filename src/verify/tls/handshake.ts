import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type DetailedPeerCertificate } from 'node:tls';
import type { Access } from '../deployment.ts';
import { addressFor, hostOf } from '../http/exchange.ts';
import { type Stage, type Trouble, timeoutAt, troubleOf } from '../http/trouble.ts';
import { trustOf } from './trust.ts';

export interface Shaken {
  readonly kind: 'shaken';
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: DetailedPeerCertificate;
  /** Why it is not trusted, as Node and OpenSSL name it. */
  readonly distrust: Error | undefined;
}

/** A handshake that looks at the certificate also where it is not trusted; nothing is ever sent over it. */
export function shake(
  access: Access,
  signal: AbortSignal,
  limits?: ConnectionOptions,
): Promise<Shaken | Trouble> {
  const host = hostOf(access.base);
  const { address, port } = addressFor(access.base, access.connectTo);
  let stage: Stage = 'connecting';
  return new Promise(resolve => {
    const socket = connect({
      host: address,
      port: Number(port || 443),
      ...(!isIP(host) && { servername: host }),
      // Limits of the protocol belong to a context of their own.
      ...(limits ?? trustOf(access)),
      rejectUnauthorized: false,
    });
    const end = (result: Shaken | Trouble) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      resolve(result);
    };
    const late = () => end({ kind: 'trouble', status: undefined, ...timeoutAt(stage, undefined) });
    signal.addEventListener('abort', late, { once: true });
    socket.once('connect', () => {
      stage = 'handshake';
    });
    socket.once('error', error => end(troubleOf(error, stage)));
    socket.once('close', () => end(troubleOf({ code: 'ECONNRESET' }, stage)));
    socket.once('secureConnect', () => {
      // It is set to null, and typed as if it never were.
      const distrust = (socket.authorizationError as Error | string | null) ?? undefined;
      end({
        kind: 'shaken',
        protocol: socket.getProtocol() ?? '',
        cipher: socket.getCipher().name,
        certificate: socket.getPeerCertificate(true),
        distrust:
          typeof distrust === 'string' ? Object.assign(new Error(distrust), { code: distrust }) : distrust,
      });
    });
    if (signal.aborted) late();
  });
}

export const certificateTrouble = ({ distrust }: Shaken): Trouble | undefined =>
  distrust && troubleOf(distrust, 'handshake');
