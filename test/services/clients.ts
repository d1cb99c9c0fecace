// Small clients for what the services serve: JSON, server-sent events, WebSockets, Prometheus text.

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';

/** 0 when nobody answers. */
export const status = (url: string): Promise<number> =>
  fetch(url).then(
    response => response.status,
    () => 0,
  );

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

export interface ServerEvent {
  at: number;
  name?: string;
  data?: string;
  comment?: string;
}

/** Each event as it arrives. Breaking out of the loop closes the connection. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return;
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) yield { at: Date.now(), ...parseEvent(block) };
  }
}

function parseEvent(block: string): Omit<ServerEvent, 'at'> {
  const fields = block.split('\n').map(line => line.split(/: ?(.*)/s, 2));
  const field = (name: string) => fields.find(([key]) => key === name)?.[1];
  const event = { name: field('event'), data: field('data'), comment: field('') };
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}

export async function collect(response: Response): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

/**
 * Whether events that were sent so many milliseconds apart came so. Where much is at work two of them may arrive together
 * now and then; what a buffer holds back does always.
 */
export function areApart(times: readonly number[], delay: number): boolean {
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return gaps.length > 0 && gaps.filter(gap => gap > delay / 2).length >= gaps.length * (2 / 3);
}

export const tokens = (events: ServerEvent[]): string =>
  events.map(event => (event.data?.startsWith('{"token"') ? JSON.parse(event.data).token : '')).join('');

const TEXT = 0x1;
const CLOSE = 0x8;

export interface Frame {
  opcode: number;
  payload: Buffer;
}

/** A WebSocket client that knows short frames only: Node 20 has none of its own. */
export class WebSocketClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: (() => void) | undefined;

  private constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    this.#receive(head);
    socket.on('data', data => this.#receive(data));
    socket.on('error', () => {}); // a server that drains may reset the connection
  }

  static connect(url: string, options: RequestOptions = {}): Promise<WebSocketClient> {
    const headers = {
      ...(options.headers as Record<string, string>),
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    };
    return new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? secureRequest : request;
      const handshake = send(url, { ...options, headers });
      handshake.once('upgrade', (_, socket, head) => resolve(new WebSocketClient(socket as Socket, head)));
      handshake.once('response', response => reject(new Error(`no upgrade: ${response.statusCode}`)));
      handshake.once('error', reject);
      handshake.end();
    });
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const masked = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.from([0x80 | TEXT, 0x80 | payload.length]), mask, masked]));
  }

  async next(): Promise<Frame> {
    while (this.#received.length < 2 || this.#received.length < 2 + (this.#received[1] ?? 0)) {
      await new Promise<void>(resolve => {
        this.#waiting = resolve;
      });
    }
    const length = this.#received[1] ?? 0;
    const frame = {
      opcode: (this.#received[0] ?? 0) & 0x0f,
      payload: this.#received.subarray(2, 2 + length),
    };
    this.#received = this.#received.subarray(2 + length);
    return frame;
  }

  /** The code with which the server closes. */
  async closeCode(): Promise<number> {
    const frame = await this.next();
    if (frame.opcode !== CLOSE) throw new Error(`a frame of opcode ${frame.opcode} instead of a close`);
    return frame.payload.readUInt16BE();
  }

  end(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    this.#waiting?.();
  }
}

/** The value of one series, as `name{label="value",…}` with labels in the given order; 0 when it is absent. */
export async function metric(
  url: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const text = await (await fetch(url)).text();
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const line = text
    .split('\n')
    .find(found => found.match(/^\w+/)?.[0] === name && wanted.every(label => found.includes(label)));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
}
