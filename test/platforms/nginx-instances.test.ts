/** Several instances and several services behind one nginx: who is asked, how often, and what a restart costs. */
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../services/ports.ts';
import { buildGo, cleanUp, type Program, start, until } from '../services/programs.ts';
import { Site } from '../targets/nginx/site.ts';
import { Upstream } from '../targets/nginx/upstream.ts';

afterAll(cleanUp);

const service = (key: string, port: number, more = '') => `
  ${key}:
    language: node
    build: {main: server.js}
    port: ${port}
    health: {live: /health/live, ready: /health/ready}
    timeouts: {request: 2s}
    ${more}`;

const configuration = (services: string, targets = '') => `
version: 1
name: site
domain: site.example.com
services:${services}
targets:
  nginx: {}
  ${targets}
`;

describe('two instances', () => {
  let first: Upstream;
  let second: Upstream;
  let site: Site;
  const asked = (url: string) => [...first.seen, ...second.seen].filter(each => each.url === url);

  beforeAll(async () => {
    const port = await freePort();
    [first, second] = [new Upstream(port), new Upstream(port + 10_000)];
    await Promise.all([first.listen(), second.listen()]);
    site = await Site.start(
      configuration(
        service('api', port, 'public: true\n    stream: {kind: sse, paths: [/stream]}'),
        'systemd: {instances: 2}',
      ),
    );
  });

  it('share the requests', async () => {
    for (let i = 0; i < 20; i++) await site.get('/shared');
    expect(new Set(asked('/shared').map(({ port }) => port)).size).toBe(2);
  });

  it('are never both asked the same: a POST that was sent is not sent again', async () => {
    for (let i = 0; i < 6; i++) expect((await site.post('/die?post', 'a prompt')).status).toBe(502);
    expect(asked('/die?post')).toHaveLength(6);
  });

  it('are never both asked for the same stream, even by a GET', async () => {
    const before = first.seen.length + second.seen.length;
    for (let i = 0; i < 6; i++) {
      const { status, body } = await site.get('/stream?die');
      expect([status, JSON.parse(body)]).toMatchObject([502, { error: 'the service cannot be reached' }]);
    }
    expect(first.seen.length + second.seen.length - before).toBe(6);
  });

  it('are not both made to work by one slow answer', async () => {
    expect((await site.get('/slow')).status).toBe(504);
    expect(asked('/slow')).toHaveLength(1);
  });

  it('stand in for each other where one takes no connection, for a POST too', async () => {
    await first.close();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? site.get('/alone') : site.post('/alone', 'x'))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked('/alone')).toHaveLength(40);
    const streams = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 ? site.get('/stream?x') : site.post('/stream?x', 'a prompt'),
      ),
    );
    for (const { status, body, headers } of streams) {
      expect([status, headers['x-accel-buffering']]).toEqual([200, 'no']);
      expect(JSON.parse(body)).toMatchObject({ url: '/stream?x' });
    }
    expect(asked('/stream?x')).toHaveLength(20);
    expect(streams.filter(({ body }) => body.includes('"size":8'))).toHaveLength(10);
    await second.close();
    for (const path of ['/nobody', '/stream?nobody']) {
      const { status, body } = await site.get(path);
      expect([status, JSON.parse(body)]).toMatchObject([502, { status: 502 }]);
    }
  });
});

describe('several services', () => {
  it('each get what lies in their place', async () => {
    const [root, part, inner] = await Promise.all([1, 2, 3].map(async () => new Upstream(await freePort())));
    if (!root || !part || !inner) throw new Error('three are needed');
    await Promise.all([root.listen(), part.listen(), inner.listen()]);
    const site = await Site.start(
      configuration(
        service('root', root.port, 'public: true') +
          service('part', part.port, 'public: /v1') +
          service('inner', inner.port, 'public: /v1/inner/'),
      ),
    );
    const places: [string, Upstream][] = [
      ['/', root],
      ['/v1beta', root],
      ['/health/ready', root],
      ['/v1', part],
      ['/v1/', part],
      ['/v1/x?y=1', part],
      ['/v1/innermost', part],
      ['/v1/inner', inner],
      ['/v1/inner/x', inner],
      ['//v1//inner/x', inner],
    ];
    for (const [path, upstream] of places) {
      expect((await site.get(path)).status).toBe(200);
      expect(upstream.seen.at(-1)?.url, path).toBe(path);
    }
    await site.stop();
  });
});

/** The upgraded connection, or the status that was given instead. */
function upgrade(site: Site, path: string, protocol = 'websocket'): Promise<Socket | number | undefined> {
  const headers = {
    connection: 'Upgrade',
    upgrade: protocol,
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    const asked = secureRequest(site.options(path, { headers }));
    asked.once('upgrade', (_, socket) => resolve(socket as Socket));
    asked.once('response', answer => resolve(answer.statusCode));
    asked.once('error', reject);
    asked.end();
  });
}

describe('the Go service', () => {
  let programs: string;
  let port: number;
  let site: Site;
  const instances: Program[] = [];
  const run = (at: number) => {
    const env = { HOST: '127.0.0.1', PORT: `${at}`, METRICS_PORT: `${at}`, KEEPALIVE_TIMEOUT: '80s' };
    return start([join(programs, 'server')], {
      env: { ...env, DRAIN_DELAY: '500ms', SHUTDOWN_TIMEOUT: '10s' },
    });
  };
  const ready = (at: number) =>
    until(
      () =>
        fetch(`http://127.0.0.1:${at}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      'the service',
    );

  beforeAll(async () => {
    programs = await buildGo('go');
    port = await freePort();
    instances.push(run(port), run(port + 10_000));
    await Promise.all([ready(port), ready(port + 10_000)]);
    site = await Site.start(`
version: 1
name: pair
domain: pair.example.com
services:
  api:
    language: go
    port: ${port}
    metrics: {path: /metrics}
    health: {live: /health/live, ready: /health/ready, deep: /health/deep}
    stream: {kind: websocket, paths: [/ws], maxDuration: 2m}
    public: true
targets:
  systemd: {instances: 2}
  nginx: {}
`);
  });

  it('echoes over a WebSocket, and is upgraded to nothing else', async () => {
    const socket = await upgrade(site, '/ws');
    if (typeof socket !== 'object') throw new Error(`no upgrade: ${socket}`);
    // "hello" in one masked frame, whose mask is zero.
    socket.write(Buffer.concat([Buffer.from([0x81, 0x85, 0, 0, 0, 0]), Buffer.from('hello')]));
    const echo = await new Promise<Buffer>(resolve => socket.once('data', resolve));
    expect(echo.subarray(2).toString()).toBe('hello');
    socket.destroy();
    expect(typeof (await upgrade(site, '/ws', 'h2c'))).toBe('number');
  });

  it('answers over HTTP/2 too, and chats', async () => {
    const session = connectHttp2(`https://127.0.0.1:${site.ports.https}`, {
      ca: site.ca,
      servername: site.domain,
    });
    const stream = session.request({ ':method': 'POST', ':path': '/api/chat', ':authority': site.domain });
    stream.end('{"message":"Hello"}');
    let body = '';
    for await (const chunk of stream.setEncoding('utf8')) body += chunk;
    expect(JSON.parse(body)).toMatchObject({ reply: expect.any(String) });
    session.close();
  });

  it('is restarted under load, one instance after the other, without a failed request', {
    timeout: 120_000,
  }, async () => {
    const failures: string[] = [];
    let [count, done] = [0, false];
    const client = async (i: number) => {
      while (!done) {
        const answer = i % 2 ? site.get('/version') : site.post('/api/chat', '{"message":"Hello"}');
        await answer.then(
          ({ status }) => status === 200 || failures.push(`${status}`),
          error => failures.push(String(error)),
        );
        count++;
        await sleep(10);
      }
    };
    const load = Promise.all([0, 1, 2, 3].map(client));
    for (const [i, at] of [port, port + 10_000].entries()) {
      await sleep(300);
      await site.drain('out', `pair@${i + 1}.service`);
      await expect(site.drain('out', `pair@${2 - i}.service`)).rejects.toThrow('nobody would be left');
      instances[i]?.signal('SIGTERM');
      expect(await instances[i]?.exit).toBe(0);
      await sleep(500);
      instances[i] = run(at);
      await ready(at);
      await site.drain('in', `pair@${i + 1}.service`);
    }
    await sleep(500);
    done = true;
    await load;
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });
});

describe('gRPC', () => {
  it('goes to its port over HTTP/2, trailers and all; other paths do not', async () => {
    const [port, grpcPort] = [await freePort(), await freePort()];
    const web = new Upstream(port);
    await web.listen();
    const server = createHttp2Server();
    server.on('stream', (stream, headers) => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', via: headers[':path'] },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.pipe(stream);
    });
    await new Promise<void>(resolve => server.listen(grpcPort, '127.0.0.1', () => resolve()));
    const site = await Site.start(
      configuration(
        service('api', port, `public: true\n    grpc: {port: ${grpcPort}, service: chat.v1.Chat}`),
      ),
    );
    const session = connectHttp2(`https://127.0.0.1:${site.ports.https}`, {
      ca: site.ca,
      servername: site.domain,
    });
    const call = session.request({
      ':method': 'POST',
      ':path': '/chat.v1.Chat/Say',
      ':authority': site.domain,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const trailers = new Promise<unknown>(resolve => call.once('trailers', resolve));
    const head = new Promise<Record<string, unknown>>(resolve => call.once('response', resolve));
    // Both ways at once: the answer to the first message comes before the second is sent.
    call.write('one');
    expect(await head).toMatchObject({ via: '/chat.v1.Chat/Say', 'x-content-type-options': 'nosniff' });
    expect(String(await new Promise(resolve => call.once('data', resolve)))).toBe('one');
    call.end('two');
    expect(await trailers).toMatchObject({ 'grpc-status': '0' });
    session.close();
    expect((await site.get('/chat.v1.Other/Say')).status).toBe(200);
    expect(web.seen.at(-1)?.url).toBe('/chat.v1.Other/Say');
    server.close();
    await site.stop();
  });
});
