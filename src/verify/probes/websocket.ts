import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { failFor } from '../http/trouble.ts';
import { type Attempt, fail, type Observation, type Probe, pass, undecided } from '../probe.ts';
import { type Connection, upgrade } from '../websocket/connection.ts';
import { OPCODE } from '../websocket/frames.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly timeout: number;
  /** Milliseconds of silence that the connection has to survive. */
  readonly silence: number;
}

const LONG = 65_000;
/** What an echo gets; a server that answers something else is not waited for any longer. */
const FOR_ECHO = 500;

export const websocket: Probe<Asked> = {
  id: 'websocket',
  title:
    'a WebSocket opens through every proxy, answers a ping and closes; after 60 s of silence with --long',
  plan: ({ endpoints }, { timeout, long }) =>
    endpoints.flatMap(endpoint => {
      const { access, stream, service } = endpoint;
      if (stream?.kind !== 'websocket') return [];
      const silence = long ? Math.min(LONG, stream.idle - 1_000, stream.maxDuration - 1_000) : 0;
      return stream.paths.map((path, i) => ({
        subject: `${subjectOf(endpoint).subject ?? 'path'}${i === 0 ? '' : `-${i + 1}`}`,
        name: `${service ?? 'the service'}: WebSocket at ${path}`,
        data: { access, path, timeout, silence },
        timeout: timeout + silence,
      }));
    }),
  async observe({ data }, attempt) {
    const { access, path, timeout } = data;
    const asked = `WebSocket ${path}`;
    const opened = await upgrade({ access, path, signal: attempt.signal, within: timeout });
    if (opened.kind === 'trouble') return failFor(asked, opened, '101 Switching Protocols');
    if (opened.kind === 'refusal') {
      const seen = { expected: '101 Switching Protocols', observed: `${asked} got ${opened.what}` };
      if (opened.status === 429 || (opened.status === 503 && opened.retryAfter !== undefined))
        return undecided({ ...seen, next: 'it is busy: ask again later', retryAfter: 1_000 });
      return fail({
        ...seen,
        next: 'let each proxy pass Upgrade and Connection on (nginx: proxy_http_version 1.1 and both headers), and check the path',
      });
    }
    try {
      return await talk(opened, asked, data, attempt);
    } finally {
      opened.close();
    }
  },
};

async function talk(
  connection: Connection,
  asked: string,
  { silence }: Asked,
  { signal }: Attempt,
): Promise<Observation> {
  const no = (expected: string, observed: string, next: string) =>
    fail({ expected, observed: `${asked}: ${observed}`, next });
  if (silence > 0) await sleep(silence, undefined, { signal }).catch(() => undefined);
  const token = Buffer.from(randomUUID());
  connection.send(OPCODE.ping, token);
  const pong = await connection.until(
    ({ opcode, payload }) => opcode === OPCODE.pong && payload.equals(token),
    signal,
  );
  if (typeof pong === 'string')
    return no(
      `a pong${silence > 0 ? ` after ${silence / 1_000} s of silence` : ''}`,
      pong,
      silence > 0
        ? 'raise the read timeouts on the way above stream.idle'
        : 'look at what ends or swallows the connection',
    );
  const text = Buffer.from(`aideploy ${randomUUID()}`);
  connection.send(OPCODE.text, text);
  const reply = await connection.until(
    ({ opcode }) => opcode <= OPCODE.binary || opcode === OPCODE.close,
    AbortSignal.any([signal, AbortSignal.timeout(FOR_ECHO)]),
  );
  const echo = typeof reply !== 'string' && reply.payload.equals(text) ? 'echoed a message, ' : '';
  connection.send(OPCODE.close, Buffer.from([0x03, 0xe8]));
  const closed =
    typeof reply !== 'string' && reply.opcode === OPCODE.close
      ? reply
      : await connection.until(({ opcode }) => opcode === OPCODE.close, signal);
  if (typeof closed === 'string')
    return no(
      'a close frame in answer to one',
      closed,
      'look at what ends the connection in place of the service',
    );
  return pass(
    `${asked}: opened, answered a ping${silence > 0 ? ` after ${silence / 1_000} s of silence` : ''}, ${echo}closed with ${closed.payload.length >= 2 ? closed.payload.readUInt16BE() : 'no code'}`,
  );
}
