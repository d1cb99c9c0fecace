import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { quote } from '../http/answer.ts';
import { type Ask, send } from '../http/exchange.ts';
import { type Trouble, timeoutAt, troubleOf } from '../http/trouble.ts';
import { createDecoder, encode, type Frame, OPCODE } from './frames.ts';

export interface Connection {
  readonly kind: 'connection';
  send(opcode: number, payload?: Buffer): void;
  /** The next frame for which the test holds; why there is none. Pings are answered meanwhile. */
  until(wanted: (frame: Frame) => boolean, signal: AbortSignal): Promise<Frame | string>;
  close(): void;
}

export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly what: string;
  readonly retryAfter: string | undefined;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The opening handshake: https://www.rfc-editor.org/rfc/rfc6455#section-4.1 */
export function upgrade(asked: Ask): Promise<Connection | Refusal | Trouble> {
  const key = randomBytes(16).toString('base64');
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'accept-encoding': 'identity',
  };
  return new Promise(resolve => {
    const request = send({ ...asked, headers: { ...asked.headers, ...headers } });
    const late = (): Trouble => ({
      kind: 'trouble',
      status: undefined,
      ...timeoutAt('waiting', asked.within),
    });
    request.once('error', error => resolve(asked.signal.aborted ? late() : troubleOf(error, 'waiting')));
    request.once('response', response => {
      response.resume();
      const { statusCode: status = 0, headers: got } = response;
      request.destroy();
      resolve({
        kind: 'refusal',
        status,
        what: `status ${status} and no upgrade`,
        retryAfter: got['retry-after'],
      });
    });
    request.once('upgrade', (response, socket, head) => {
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      const got = response.headers['sec-websocket-accept'];
      if (got === accept) return resolve(connectionOf(socket, head));
      socket.destroy();
      resolve({
        kind: 'refusal',
        status: 101,
        what: `Sec-WebSocket-Accept ${quote(got ?? 'none')}, which is not that of the key`,
        retryAfter: undefined,
      });
    });
    request.end();
  });
}

function connectionOf(socket: Duplex, head: Buffer): Connection {
  const decode = createDecoder();
  const frames: Frame[] = [];
  let ended: string | undefined;
  let wake = () => {};
  const take = (chunk: Buffer) => {
    const read = decode(chunk);
    if (typeof read === 'string') ended = `the server sent ${read}`;
    else for (const frame of read) receive(frame);
    wake();
  };
  const receive = (frame: Frame) => {
    if (frame.opcode === OPCODE.ping) socket.write(encode(OPCODE.pong, frame.payload));
    else frames.push(frame);
  };
  const over = (why: string) => () => {
    ended ??= why;
    wake();
  };
  socket.on('data', take);
  socket.once('error', over('the connection was lost'));
  socket.once('close', over('the connection was closed without a close frame'));
  if (head.length > 0) take(head);
  return {
    kind: 'connection',
    send: (opcode, payload = Buffer.alloc(0)) => void socket.write(encode(opcode, payload)),
    async until(wanted, signal) {
      for (;;) {
        const at = frames.findIndex(wanted);
        const [found] = at < 0 ? [] : frames.splice(at, 1);
        if (found) return found;
        if (ended !== undefined) return ended;
        if (signal.aborted) return 'nothing came in time';
        await new Promise<void>(resolve => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    close: () => void socket.destroy(),
  };
}
