import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { isIP } from 'node:net';
import type { Access } from '../deployment.ts';
import { addressFor, hostOf } from '../http/exchange.ts';
import { type Stage, type Trouble, timeoutAt, troubleOf } from '../http/trouble.ts';
import { trustOf } from '../tls/trust.ts';

export interface Reply {
  readonly kind: 'reply';
  readonly httpStatus: number;
  readonly contentType: string;
  /** Of the trailers: https://grpc.io/docs/guides/status-codes/ */
  readonly status: number | undefined;
  readonly message: string;
  /** The first message, without its frame. */
  readonly payload: Buffer;
}

const MOST = 1024 * 1024;
const FRAME = 5;

/** One unary call. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
export function call(
  access: Access,
  url: URL,
  path: string,
  message: Buffer,
  signal: AbortSignal,
): Promise<Reply | Trouble> {
  let stage: Stage = 'connecting';
  return new Promise(resolve => {
    const session = connectTo(url, access);
    const end = (result: Reply | Trouble) => {
      signal.removeEventListener('abort', late);
      session.destroy();
      resolve(result);
    };
    const late = () => end({ kind: 'trouble', status: undefined, ...timeoutAt(stage, undefined) });
    const broke = (error: Error) =>
      // A stream is cancelled by what befell its session.
      end(
        troubleOf(
          error.cause ?? error,
          stage === 'connecting' && url.protocol === 'https:' ? 'handshake' : stage,
        ),
      );
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) return late();
    session.once('error', broke);
    session.once('connect', () => {
      stage = 'waiting';
    });
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_AUTHORITY]: url.host,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(access.token && { authorization: `Bearer ${access.token}` }),
    });
    collect(stream, end, broke);
    stream.end(frame(message));
  });
}

function connectTo(url: URL, access: Access): ClientHttp2Session {
  const { address, port } = addressFor(url, access.connectTo);
  const host = hostOf(url);
  const place = new URL(url);
  place.hostname = address.includes(':') ? `[${address}]` : address;
  place.port = port;
  return connect(place, {
    ...(!isIP(host) && { servername: host }),
    ...trustOf(access),
    maxSessionMemory: 10,
  });
}

function collect(
  stream: ClientHttp2Stream,
  end: (reply: Reply) => void,
  broke: (error: Error) => void,
): void {
  let headers: Record<string, unknown> = {};
  let trailers: Record<string, unknown> = {};
  const chunks: Buffer[] = [];
  let size = 0;
  stream.once('error', broke);
  stream.once('response', got => {
    headers = got;
  });
  stream.once('trailers', got => {
    trailers = got;
  });
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST) stream.destroy(Object.assign(new Error('too much'), { code: 'HPE_OVERSIZED' }));
    else chunks.push(chunk);
  });
  stream.once('end', () => {
    const text = (name: string) => String(trailers[name] ?? headers[name] ?? '');
    end({
      kind: 'reply',
      httpStatus: Number(headers[constants.HTTP2_HEADER_STATUS] ?? 0),
      contentType: text('content-type'),
      status: text('grpc-status') === '' ? undefined : Number(text('grpc-status')),
      message: text('grpc-message'),
      payload: Buffer.concat(chunks).subarray(FRAME),
    });
  });
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(FRAME);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
