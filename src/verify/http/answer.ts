import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Phases } from '../verification.ts';
import { type Ask, type Opened, open } from './exchange.ts';
import { oversized, type Trouble } from './trouble.ts';

/** A whole answer. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly phases: Phases;
  readonly socket: Socket | TLSSocket;
}

const MOST_BODY = 1024 * 1024;

/** Asks and reads the whole answer, up to a limit of bytes after decompression. */
export async function ask(asked: Ask, limit = MOST_BODY): Promise<Answer | Trouble> {
  const opened = await open(asked);
  return opened.kind === 'trouble' ? opened : collect(opened, limit, asked.agent !== undefined);
}

/** The rest of an answer. A connection that others use again stays open. */
export async function collect(opened: Opened, limit = MOST_BODY, shared = false): Promise<Answer | Trouble> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of opened.body) {
      size += chunk.length;
      if (size > limit) return oversized(opened.status, limit);
      chunks.push(chunk);
    }
  } catch (error) {
    return opened.trouble(error);
  } finally {
    if (!shared) opened.close();
  }
  return {
    kind: 'answer',
    status: opened.status,
    headers: opened.headers,
    text: Buffer.concat(chunks).toString(),
    phases: { ...opened.phases, total: performance.now() - opened.startedAt },
    socket: opened.socket,
  };
}

/** A header's only or first value. */
export const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const LONGEST_QUOTE = 160;

/** The beginning of a text from outside, on one line, for a message. */
export function quote(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  if (line === '') return 'an empty body';
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}...` : line;
}
