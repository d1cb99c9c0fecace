/** A service behind the proxy, which remembers what it was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../../cleanup.ts';

export interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  port: number;
}

/** A service that remembers what it was asked. */
export class Upstream {
  readonly seen: Seen[] = [];
  connections = 0;
  closed = 0;
  readonly server: Server;

  constructor(readonly port: number) {
    this.server = createServer(
      { keepAliveTimeout: 90_000 },
      (asked, answer) => void this.#answer(asked, answer),
    );
    this.server.on('connection', () => this.connections++);
    // Not waited for: a socket that was upgraded is no longer the server's.
    atEnd(() => void this.close());
  }

  listen(): Promise<void> {
    return new Promise(resolve => this.server.listen(this.port, '127.0.0.1', () => resolve()));
  }

  /** Stops at once, as a program that was killed. */
  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise(resolve => this.server.close(() => resolve()));
  }

  async #answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = asked;
    this.seen.push({ method, url, headers, port: this.port });
    answer.on('close', () => this.closed++);
    const [path = ''] = url.split('?');
    if (path === '/slow') return;
    if (path === '/die' || url === '/stream?die') return void asked.socket.destroy();
    if (path === '/framed')
      answer.setHeader('X-Frame-Options', 'SAMEORIGIN').setHeader('X-Powered-By', 'Test');
    if (path === '/framed')
      answer.setHeader('Strict-Transport-Security', 'max-age=1').setHeader('X-Request-Id', 'own');
    if (path === '/api/chat/stream') return this.#stream(answer, new URL(url, 'http://x').searchParams);
    if (path.startsWith('/own/')) answer.statusCode = Number(path.slice(5));
    let size = 0;
    for await (const chunk of asked) size += (chunk as Buffer).length;
    answer.end(JSON.stringify({ size, url }));
  }

  async #stream(answer: ServerResponse, query: URLSearchParams): Promise<void> {
    answer.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const [events, delay] = [Number(query.get('events') ?? 5), Number(query.get('delay') ?? 200)];
    for (let i = 0; i < events && !answer.destroyed; i++) {
      answer.write(`data: ${i}\n\n`);
      if (i + 1 < events) await sleep(delay);
    }
    answer.end('data: [DONE]\n\n');
  }
}
