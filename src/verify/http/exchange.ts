import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Access } from '../deployment.ts';
import { trustOf } from '../tls/trust.ts';
import type { Phases } from '../verification.ts';
import { type Stage, type Trouble, timeoutAt, troubleOf } from './trouble.ts';

export interface Ask {
  readonly access: Access;
  readonly method?: string;
  /** Below the access's base, with its query; or a whole address elsewhere. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
  readonly signal: AbortSignal;
  /** Keeps connections for a load; without one every request has a connection of its own. */
  readonly agent?: Agent;
  /** The bearer token is left out: what strangers see is looked for. */
  readonly anonymous?: boolean;
  /** Milliseconds that `signal` allows, for the message. */
  readonly within?: number;
}

/** An answer whose headers are there. `body` is decompressed; who stops reading it calls `close`. */
export interface Opened {
  readonly kind: 'opened';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: AsyncIterable<Buffer>;
  readonly socket: Socket | TLSSocket;
  readonly phases: Omit<Phases, 'total'>;
  /** performance.now() when the request was sent. */
  readonly startedAt: number;
  /** What went wrong while the body was read. */
  trouble(error: unknown): Trouble;
  close(): void;
}

/** A connection for each request, and no TLS session from one to the next. */
const ALONE = new Agent({ keepAlive: false });
const SECURE_ALONE = new SecureAgent({ keepAlive: false, maxCachedSessions: 0 });

const MOST_HEADERS = 32 * 1024;
/** Long enough that a busy machine does not give up the address that works; RFC 8305 asks for 100 ms to 2 s. */
const HAPPY_EYEBALLS: object = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 1_000 };

/** One request. It follows nothing, repeats nothing and throws nothing. */
export function open(ask: Ask): Promise<Opened | Trouble> {
  const url = addressOf(ask.access.base, ask.path);
  const clock = { startedAt: performance.now(), dns: 0, connect: 0, tls: 0 };
  let stage: Stage = isIP(hostOf(url)) || ask.access.connectTo ? 'connecting' : 'resolving';
  const since = () => performance.now() - clock.startedAt;
  const trouble = (error: unknown, status?: number): Trouble =>
    ask.signal.aborted
      ? { kind: 'trouble', status, ...timeoutAt(stage, ask.within) }
      : troubleOf(error, stage, status);
  return new Promise(resolve => {
    if (ask.signal.aborted) return resolve(trouble(undefined));
    const sent = send(ask);
    sent.once('error', error => resolve(trouble(error)));
    sent.once('socket', socket => {
      // One that is used again has been through all of this.
      if (!socket.connecting) {
        stage = 'waiting';
        return;
      }
      socket.once('lookup', () => {
        stage = 'connecting';
        clock.dns = since();
      });
      socket.once('connect', () => {
        stage = url.protocol === 'https:' ? 'handshake' : 'waiting';
        clock.connect = since() - clock.dns;
      });
      socket.once('secureConnect', () => {
        stage = 'waiting';
        clock.tls = since() - clock.dns - clock.connect;
      });
    });
    sent.once('response', response => {
      stage = 'reading';
      const status = response.statusCode ?? 0;
      const { dns, connect, tls, startedAt } = clock;
      // The body only breaks off; why, the request says.
      let cause: unknown;
      sent.on('error', error => {
        cause = error;
      });
      resolve({
        kind: 'opened',
        status,
        headers: response.headers,
        body: decoded(response),
        socket: response.socket,
        phases: { dns, connect, tls, firstByte: since() - dns - connect - tls },
        startedAt,
        trouble: error => trouble(cause ?? error, status),
        close: () => sent.destroy(),
      });
    });
    sent.end(ask.body);
  });
}

/** A request that is on its way but for its body. */
export function send({ access, path, method, headers, body, signal, agent, anonymous }: Ask): ClientRequest {
  const url = addressOf(access.base, path);
  const host = hostOf(url);
  const { address, port } = addressFor(url, access.connectTo);
  const options: RequestOptions & { servername?: string } = {
    method: method ?? 'GET',
    host: address,
    ...(port !== '' && { port }),
    path: `${url.pathname}${url.search}`,
    headers: {
      host: url.host,
      accept: '*/*',
      'accept-encoding': 'gzip, br',
      'user-agent': 'aideploy-verify',
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      ...(access.token &&
        !anonymous &&
        url.origin === access.base.origin && { authorization: `Bearer ${access.token}` }),
      ...headers,
    },
    agent: agent ?? (url.protocol === 'https:' ? SECURE_ALONE : ALONE),
    maxHeaderSize: MOST_HEADERS,
    signal,
    ...HAPPY_EYEBALLS,
  };
  if (url.protocol !== 'https:') return request(options);
  return secureRequest({
    ...options,
    ...(!isIP(host) && { servername: host }),
    ...trustOf(access),
  });
}

/** Below the base, of which the path is a prefix: `https://example.com/mcp` and `/health`. */
export function addressOf(base: URL, path: string | URL): URL {
  if (path instanceof URL) return path;
  // Joined as text: a path that begins with two slashes would name another host.
  return new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
}

/** Without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** Where to connect for a URL. */
export function addressFor(url: URL, connectTo: string | undefined): { address: string; port: string } {
  const [address = hostOf(url), port = url.port] = splitAddress(connectTo);
  return { address, port };
}

/** `192.0.2.1`, `192.0.2.1:8443`, `[2001:db8::1]:8443`. */
function splitAddress(address: string | undefined): [string?, string?] {
  if (address === undefined) return [];
  if (isIP(address)) return [address];
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(address) ?? [];
  const host = bracketed ?? plain ?? address;
  return port === undefined ? [host] : [host, port];
}

/** Events must not wait for the end of a compressed stream, nor may one that is cut short look whole. */
const FLUSH = { flush: constants.Z_SYNC_FLUSH };

function decoded(response: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = response.headers['content-encoding']?.toLowerCase();
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip(FLUSH)
      : encoding === 'deflate'
        ? createInflate(FLUSH)
        : encoding === 'br'
          ? createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })
          : undefined;
  // Whoever iterates hears of the error.
  return decoder ? pipeline(response, decoder, () => undefined) : (response as Readable);
}
