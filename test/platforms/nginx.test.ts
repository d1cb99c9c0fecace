/** What a rendered site does, seen through a real nginx: each test is one promise to clients, operators or services. */
import { readdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areApart } from '../services/clients.ts';
import { freePort } from '../services/ports.ts';
import { cleanUp, until } from '../services/programs.ts';
import { Site, textOf } from '../targets/nginx/site.ts';
import { type Seen, Upstream } from '../targets/nginx/upstream.ts';

afterAll(cleanUp);

const configuration = (port: number, more = '', targets = '') => `
version: 1
name: site
domain: site.example.com
services:
  api:
    language: node
    build: {main: server.js}
    port: ${port}
    metrics: {path: /metrics}
    health: {live: /health/live, ready: /health/ready, deep: /health/deep}
    stream: {kind: sse, paths: [/api/chat/stream], maxDuration: 2m}
    timeouts: {request: 1s}
    public: true
    ${more}
targets:
  nginx: {}
  ${targets}
`;

let upstream: Upstream;
let proxy: Site;
beforeAll(async () => {
  upstream = new Upstream(await freePort());
  await upstream.listen();
  proxy = await Site.start(configuration(upstream.port, 'limits: {body: 10Mi}'));
});

/** A request in clear text to port 80. */
const plain = (path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: proxy.ports.http, path, agent: false as const };
    request({ ...options, headers: { host: proxy.domain, ...headers } }, resolve)
      .once('error', reject)
      .end();
  });

describe('port 80', () => {
  it.each(['site.example.com', 'evil.example', 'site.example.com:8000'])(
    'sends %s to HTTPS at the domain',
    async host => {
      const answer = await plain('/a/b?q=1', { host });
      expect([answer.statusCode, answer.headers.location]).toEqual([301, 'https://site.example.com/a/b?q=1']);
    },
  );

  it('answers a challenge of ACME from its webroot, and nothing outside of it', async () => {
    writeFileSync(join(proxy.dir, 'webroot/.well-known/acme-challenge/token'), 'token.key');
    writeFileSync(join(proxy.dir, 'webroot/secret'), 'secret');
    const found = await plain('/.well-known/acme-challenge/token');
    expect([found.statusCode, found.headers['content-type'], await textOf(found)]).toEqual([
      200,
      'text/plain',
      'token.key',
    ]);
    for (const path of [
      '/.well-known/acme-challenge/other',
      '/.well-known/acme-challenge/%2e%2e/%2e%2e/secret',
    ]) {
      expect(await textOf(await plain(path))).not.toContain('secret');
    }
  });
});

describe('TLS', () => {
  const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
  it.each(versions)('%s', async version => {
    const socket = connect({
      host: '127.0.0.1',
      port: proxy.ports.https,
      servername: proxy.domain,
      ca: proxy.ca,
      minVersion: version,
      maxVersion: version,
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(version < 'TLSv1.2' && { ciphers: 'ALL:@SECLEVEL=0' }),
    });
    const outcome = await new Promise<unknown>(resolve => {
      socket.once('secureConnect', () => resolve([socket.getProtocol(), socket.alpnProtocol]));
      socket.once('error', error => resolve((error as NodeJS.ErrnoException).code));
    });
    socket.destroy();
    if (version < 'TLSv1.2') expect(outcome).toMatch(/^E/);
    else expect(outcome).toEqual([version, 'h2']);
  });
});

/** Each is there once. */
function expectHeaders(raw: readonly string[], more: Record<string, string> = {}): void {
  const expected = {
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    Server: 'nginx',
    ...more,
  };
  for (const [name, value] of Object.entries(expected))
    expect(
      raw.filter((_, i) => raw[i - 1] === name && i % 2 === 1),
      name,
    ).toEqual([value]);
  expect(raw.filter(each => each === 'X-Request-Id')).toHaveLength(1);
  expect(raw).not.toContain('X-Powered-By');
}

describe('headers', () => {
  it('are on every answer, once', async () => {
    for (const path of ['/', '/health/ready', '/health/deep', '/die', '/api/chat/stream?events=1', '/../x']) {
      const { raw } = await proxy.get(path);
      expectHeaders(raw, path.startsWith('/api') ? { 'X-Accel-Buffering': 'no' } : {});
    }
  });

  it('of the service stay where they are its to choose', async () => {
    const { raw } = await proxy.get('/framed');
    expectHeaders(raw, { 'X-Frame-Options': 'SAMEORIGIN' });
    expect(raw).not.toContain('own');
  });

  it('tell the service who asks, not what the client says of it', async () => {
    const forged = {
      'x-forwarded-for': '1.2.3.4',
      'x-real-ip': '1.2.3.4',
      'x-forwarded-proto': 'http',
      forwarded: 'for=1.2.3.4',
    };
    await proxy.get('/who', { headers: { ...forged, proxy: 'http://evil', 'x-forwarded-host': 'evil' } });
    const { headers } = upstream.seen.at(-1) as Seen;
    expect(headers).toMatchObject({
      host: 'site.example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'site.example.com',
    });
    expect(headers).not.toHaveProperty('forwarded');
    expect(headers).not.toHaveProperty('proxy');
    expect(headers).not.toHaveProperty('connection', 'upgrade');
  });

  it('of a proxy before it say who asks, if it is trusted', async () => {
    const behind = await Site.start(
      configuration(upstream.port, 'limits: {rps: 1}').replace(
        'nginx: {}',
        'nginx: {trustedProxies: [127.0.0.0/8]}',
      ),
    );
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 127.0.0.9' };
    await behind.get('/who', { headers });
    expect(upstream.seen.at(-1)?.headers['x-forwarded-for']).toBe('203.0.113.7');
    const others = Array.from({ length: 9 }, (_, i) =>
      behind.get('/', { headers: { 'x-forwarded-for': `203.0.113.1${i}` } }),
    );
    expect(new Set((await Promise.all(others)).map(({ status }) => status))).toEqual(new Set([200]));
    const logged = () => behind.logs().access.find(({ http_path }) => http_path === '/who');
    await expect.poll(logged, { timeout: 30_000 }).toMatchObject({ client_ip: '203.0.113.7' });
    await behind.stop();
  });

  it('carry one request id from end to end, the client’s where it looks like one', async () => {
    for (const [sent, kept] of [
      ['0af7651916cd43dd8448eb211c80319c', true],
      ['short', false],
      [`${'x'.repeat(8)} "injected"`, false],
    ] as const) {
      const { headers } = await proxy.get('/id', { headers: { 'x-request-id': sent } });
      const id = upstream.seen.at(-1)?.headers['x-request-id'];
      expect(headers['x-request-id']).toBe(id);
      expect(id === sent).toBe(kept);
    }
  });

  it('name this host, or nothing is served', async () => {
    const { status, body } = await proxy.get('/', { headers: { host: 'other.example' } });
    expect([status, JSON.parse(body)]).toMatchObject([421, { status: 421 }]);
  });
});

describe('what is not for the public', () => {
  const own = ['/health/deep', '/metrics'];
  const tricks = own.flatMap(path => [
    path,
    `/${path}`,
    `//${path}`,
    path.replace('/', '/./'),
    path.replace('/', '/x/../'),
    path.replace('/', '/%2e/'),
    path.replace('/', '/x/%2E%2e/'),
    path.replace(/\/(\w)/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
    path.replace(/(.)\//, '$1%2F'),
    path.toUpperCase(),
    `${path}/`,
    `${path}//`,
    `${path}/anything`,
    `${path};a=b`,
    `${path}/..;/x`,
    `${path}?a=b`,
    `${path}/../x`,
    `${path}/%2e%2e/x`,
    `${path}%2f..%2fx`,
    `${path}/.`,
    `${path}#fragment`,
  ]);

  it.each(tricks)('is refused: %s', async path => {
    const before = upstream.seen.length;
    const { status, body } = await proxy.get(path);
    expect([status, JSON.parse(body)]).toMatchObject([404, { error: 'not found', status: 404 }]);
    expect(upstream.seen.length).toBe(before);
  });

  it.each(['/', '/health/ready', '/health', '/metricsandmore', '/x?next=/../metrics', '/a..b/.c', '/x%20y'])(
    'is not refused: %s, and arrives as it was sent',
    async path => {
      expect((await proxy.get(path)).status).toBe(200);
      expect(upstream.seen.at(-1)?.url).toBe(path);
    },
  );
});

describe('bodies', () => {
  it('of 10 MB arrive whole', async () => {
    const { status, body } = await proxy.post('/upload', Buffer.alloc(10 * 2 ** 20, 'x'));
    expect([status, JSON.parse(body)]).toMatchObject([200, { size: 10 * 2 ** 20 }]);
  });

  it('above the limit get a 413 in JSON', async () => {
    const { status, body, raw } = await proxy.post('/upload', Buffer.alloc(10 * 2 ** 20 + 1, 'x'));
    expect([status, JSON.parse(body)]).toMatchObject([413, { status: 413 }]);
    expectHeaders(raw);
  });

  it('never lie on disk', async () => {
    const small = await Site.start(configuration(upstream.port).replace('name: site', 'name: small'));
    // A file is named in the log as soon as there is one.
    await small.post('/upload', Buffer.alloc(2 ** 20, 'x'));
    expect((await small.post('/upload', Buffer.alloc(2 ** 20 + 1, 'x'))).status).toBe(413);
    const counts = readdirSync(join(small.dir, 'client_body'), { recursive: true });
    expect(counts).toEqual([]);
    await small.stop();
  });
});

describe('a service in trouble', () => {
  it('that breaks off is a 502 in JSON, with the request’s id', async () => {
    const { status, body, headers, raw } = await proxy.get('/die');
    expect([status, JSON.parse(body)]).toEqual([
      502,
      { error: 'the service cannot be reached', status: 502, request_id: headers['x-request-id'] },
    ]);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '1' });
    expectHeaders(raw);
  });

  it('that is too slow is a 504 in JSON', async () => {
    const { status, body } = await proxy.get('/slow');
    expect([status, JSON.parse(body)]).toMatchObject([504, { status: 504 }]);
    expect(upstream.seen.filter(({ url }) => url === '/slow')).toHaveLength(1);
  });

  it.each([404, 413, 429, 500, 502, 503, 504])('speaks for itself where it answers %s', async own => {
    const { status, body, raw } = await proxy.get(`/own/${own}`);
    expect([status, JSON.parse(body)]).toEqual([own, { size: 0, url: `/own/${own}` }]);
    expectHeaders(raw);
  });

  it('hears of a client that has gone', async () => {
    const before = upstream.closed;
    const answer = await proxy.open('/api/chat/stream?events=100&delay=100');
    answer.destroy();
    await until(() => upstream.closed > before, 'the stream to end');
    const session = connectHttp2(`https://127.0.0.1:${proxy.ports.https}`, {
      ca: proxy.ca,
      servername: proxy.domain,
    });
    const stream = session.request({
      ':path': '/api/chat/stream?events=100&delay=100',
      ':authority': proxy.domain,
    });
    await new Promise(resolve => stream.once('data', resolve));
    stream.close(8);
    await until(() => upstream.closed > before + 1, 'the second to end');
    session.close();
  });
});

describe('streams', () => {
  const arrivals = async (path: string): Promise<number[]> => {
    const times: number[] = [];
    const answer = await proxy.open(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    for await (const chunk of answer.setEncoding('utf8'))
      for (const _ of (chunk as string).matchAll(/^data: \d/gm)) times.push(Date.now());
    return times;
  };

  it('arrive event by event', async () => {
    const times = await arrivals('/api/chat/stream?events=5&delay=300');
    expect(times).toHaveLength(5);
    expect(areApart(times, 300)).toBe(true);
  });

  it('last longer than a minute, and may be quiet for as long', async () => {
    const [quiet, busy] = await Promise.all([
      arrivals('/api/chat/stream?events=2&delay=62000'),
      arrivals('/api/chat/stream?events=65&delay=1000'),
    ]);
    expect(quiet).toHaveLength(2);
    expect(busy).toHaveLength(65);
    expect(areApart(busy, 1_000)).toBe(true);
  });

  it('go on while nginx is reloaded', async () => {
    const stream = await proxy.open('/api/chat/stream?events=15&delay=200');
    await proxy.reload();
    expect((await textOf(stream)).match(/^data: \d/gm)).toHaveLength(15);
    expect((await proxy.get('/')).status).toBe(200);
  });
});

it('connections to the service are kept', async () => {
  await proxy.get('/');
  const before = upstream.connections;
  for (let i = 0; i < 30; i++) await (i % 2 ? proxy.get('/') : proxy.post('/', 'x'));
  // Two workers, each with its own.
  expect(upstream.connections - before).toBeLessThanOrEqual(2);
});

it('the log tells of every request but probes, and of no query', async () => {
  await proxy.get('/chat?q=my-secret-prompt', { headers: { referer: 'https://x/?q=my-secret-prompt' } });
  await proxy.get('/die?q=my-secret-prompt');
  await proxy.get('/health/ready?q=my-secret-prompt');
  await proxy.get('/metrics?q=my-secret-prompt');
  await proxy.post('/upload?q=my-secret-prompt', Buffer.alloc(11 * 2 ** 20));
  await plain('/chat?q=my-secret-prompt');
  // By two workers, each of which writes its own lines.
  const isTold = (status: number) =>
    proxy.logs().access.some(each => each['http_path'] === '/chat' && each['http_status'] === status);
  await until(() => isTold(200) && isTold(301), 'the log');
  const { access, text } = proxy.logs();
  expect(text).not.toContain('my-secret-prompt');
  expect(access).toContainEqual(
    expect.objectContaining({
      service: 'site',
      correlation_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      client_ip: '127.0.0.1',
      http_method: 'GET',
      http_path: '/chat',
      http_status: 200,
      duration: expect.any(Number),
      upstream: `127.0.0.1:${upstream.port}`,
    }),
  );
  expect(access.filter(({ http_path }) => http_path === '/health/ready')).toEqual([]);
});

describe('limits', () => {
  it('of a rate end in a 429 for one client, and never for probes', async () => {
    const limited = await Site.start(configuration(upstream.port, 'limits: {rps: 1}'));
    const began = performance.now();
    const asked = await Promise.all(Array.from({ length: 10 }, () => limited.get('/')));
    const seconds = (performance.now() - began) / 1_000;
    const passed = asked.filter(({ status }) => status === 200).length;
    // One and one more in its burst; and one for each second that they took to arrive.
    expect(passed).toBeGreaterThanOrEqual(2);
    expect(passed).toBeLessThanOrEqual(2 + Math.floor(seconds));
    const refused = asked.find(({ status }) => status === 429);
    expect(JSON.parse(refused?.body ?? '')).toMatchObject({ error: 'too many requests', status: 429 });
    expect(refused?.headers['retry-after']).toBe('1');
    expectHeaders(refused?.raw ?? []);
    const probes = await Promise.all(Array.from({ length: 10 }, () => limited.get('/health/ready')));
    expect(new Set(probes.map(({ status }) => status))).toEqual(new Set([200]));
    await limited.stop();
  });

  it('of concurrency end in a 503', async () => {
    const limited = await Site.start(configuration(upstream.port, 'limits: {concurrency: 2}'));
    const streams = await Promise.all(
      [1, 2].map(() => limited.open('/api/chat/stream?events=2000&delay=50')),
    );
    const { status, body } = await limited.get('/');
    expect([status, JSON.parse(body)]).toMatchObject([503, { error: 'the service is busy' }]);
    expect((await limited.get('/health/ready')).status).toBe(200);
    for (const stream of streams) stream.destroy();
    await until(async () => (await limited.get('/')).status === 200, 'room');
    await limited.stop();
  });
});
