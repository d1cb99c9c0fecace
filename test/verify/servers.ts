/** Servers in this process, on loopback: a healthy service, of which each test spoils one thing. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { createServer as createRawServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd } from '../cleanup.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;
export type Routes = Readonly<Record<string, Handler>>;

/** Listens where nobody else does; the answer is the port. */
export function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => undefined));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

/** A listener that answers what it reads with raw bytes, or not at all. */
export const raw = async (answer: (socket: Socket) => unknown, host?: string): Promise<string> =>
  `http://127.0.0.1:${await listen(
    createRawServer(socket => {
      socket.once('data', () => answer(socket));
    }),
    host,
  )}`;

export const plain = async (routes: Routes, host?: string): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener(routes)), host)}`;

export const secure = async (options: ServerOptions, routes: Routes = {}): Promise<string> =>
  `https://localhost:${await listen(createSecureServer(options, listener(routes)))}`;

/** `GET /path` before `/path`; what is not spoiled is healthy. */
function listener(routes: Routes): RequestListener {
  const all: Routes = { ...healthy(), ...routes };
  return (request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/, '');
    const handler = all[`${request.method} ${path}`] ?? all[path] ?? all['*'];
    response.setHeader('x-request-id', request.headers['x-request-id'] ?? 'none');
    if (handler) handler(request, response);
    else json({ error: 'not found' }, 404)(request, response);
  };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const text =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  };

export const html = (body: string, status = 200): Handler =>
  text(body, status, { 'content-type': 'text/html' });

/** Events with pauses; each of the pieces is written and flushed by itself. */
export const stream =
  (pieces: readonly (string | number)[], end: 'end' | 'destroy' | 'open' = 'end', headers = {}): Handler =>
  async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    response.flushHeaders();
    for (const piece of pieces) {
      if (typeof piece === 'number') await sleep(piece);
      else response.write(piece);
    }
    if (end === 'end') response.end();
    if (end === 'destroy') response.destroy();
  };

export const event = (data: string): string => `data: ${data}\n\n`;

export const METRICS = (requests: number): string =>
  [
    '# HELP ai_requests_total Requests.',
    '# TYPE ai_requests_total counter',
    `ai_requests_total{endpoint="/api/chat",status="200"} ${requests}`,
    '# TYPE ai_request_duration_seconds histogram',
    `ai_request_duration_seconds_bucket{le="+Inf"} ${requests}`,
    `ai_request_duration_seconds_sum ${requests / 10}`,
    `ai_request_duration_seconds_count ${requests}`,
    'ai_tokens_total{direction="input"} 1',
    'ai_active_requests 0',
    'ai_errors_total{type="llm"} 0',
    '',
  ].join('\n');

/** What a service should do. Each counts its own requests. */
function healthy(): Routes {
  let requests = 0;
  return {
    '/health/live': json({ status: 'healthy' }),
    '/health/ready': json({ status: 'ready', version: '1.2.3' }),
    '/health/startup': json({ status: 'started' }),
    '/health/deep': json({ status: 'healthy', checks: { llm: { status: 'healthy', latency: '3ms' } } }),
    '/version': json({ version: '1.2.3' }),
    '/metrics': (request, response) => text(METRICS(requests))(request, response),
    'POST /api/chat': (request, response) => {
      requests++;
      json({ reply: 'hello', model: 'echo-1' })(request, response);
    },
    '/api/chat/stream': stream([event('{"token":"a"}'), 20, event('{"token":"b"}'), 20, event('[DONE]')]),
  };
}

/** A configuration of the service at a port, with lines of its own under the service and behind it. */
export const configuration = (lines: readonly string[] = [], more: readonly string[] = []): string =>
  [
    'version: 1',
    'name: chat',
    'services:',
    '  api:',
    '    language: node',
    '    build: {main: src/server.js}',
    '    port: 8080',
    '    metrics: {}',
    '    health: {live: /health/live, ready: /health/ready, startup: /health/startup, deep: /health/deep}',
    '    smoke:',
    '      - {name: chat, method: POST, path: /api/chat, json: {message: Hello}, expect: {json: {$.reply: exists}}, within: 2s}',
    '      - {name: stream, method: POST, path: /api/chat/stream, json: {message: Hi}, expect: {sse: {minEvents: 2, end: "[DONE]"}}, within: 2s}',
    ...lines.map(line => `    ${line}`),
    // Somebody looks at its metrics, so they have to be there.
    ...(more.some(line => line.startsWith('targets:')) ? [] : ['targets: {monitoring: {}}']),
    ...more,
    '',
  ].join('\n');
