/** Probes that need a name, another address family, a restart or a long time. */
import dns from 'node:dns';
import { createServer } from 'node:http2';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { Access } from '../../src/verify/deployment.ts';
import { httpsRedirect } from '../../src/verify/probes/https-redirect.ts';
import { metric } from '../services/clients.ts';
import { launch, launchUntil, node } from '../services/launch.ts';
import { cleanUp, until } from '../services/programs.ts';
import { certificates } from './certificates.ts';
import { probeOf, troublesOf, verifying } from './run.ts';
import { configuration, event, html, json, listen, plain, secure, stream, text } from './servers.ts';

afterAll(cleanUp);
afterEach(() => vi.restoreAllMocks());

const { lookup } = dns.promises;

/** Names of the tests, and how long they take to resolve. */
function resolving(names: Readonly<Record<string, readonly string[]>>, delay = 0): void {
  const find = async (host: string) => {
    if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay));
    const addresses = names[host];
    if (!addresses) return lookup(host, { all: true });
    return addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  vi.spyOn(dns.promises, 'lookup').mockImplementation(((host: string) => find(host)) as never);
  vi.spyOn(dns, 'lookup').mockImplementation(((
    host: string,
    options: { all?: boolean },
    done: (...all: unknown[]) => void,
  ) => {
    void find(host).then(all =>
      options.all ? done(null, all) : done(null, all[0]?.address, all[0]?.family),
    );
  }) as never);
}

describe('names', () => {
  test.each<[string, readonly string[], number, string, RegExp]>([
    ['resolve', ['127.0.0.1'], 0, 'pass', /service\.test is 127\.0\.0\.1/],
    ['resolve slowly', ['127.0.0.1'], 1_200, 'inconclusive', /took 1\d{3} ms to resolve/],
    ['lead to nobody too', ['127.0.0.1', '127.0.0.9'], 0, 'fail', /not at 127\.0\.0\.9 \(ECONNREFUSED\)/],
    ['do not resolve in time', ['127.0.0.1'], 9_000, 'fail', /was not resolved/],
  ])('%s', async (_, addresses, delay, status, message) => {
    const { port } = new URL(await plain({}));
    resolving({ 'service.test': addresses }, delay);
    const verification = await verifying({
      url: `http://service.test:${port}`,
      yaml: configuration(),
      only: ['dns'],
      flags: { timeout: 2_000 },
      limits: { timeout: 2_000 },
    });
    expect(probeOf(verification, 'dns')).toMatchObject({ status, message: expect.stringMatching(message) });
  });

  test('a name of two families of which one serves is reached, and told', async () => {
    const { port } = new URL(await plain({}, '::1'));
    resolving({ 'service.test': ['127.0.0.1', '::1'] });
    const verification = await verifying({
      url: `http://service.test:${port}`,
      yaml: configuration(),
      only: ['dns', 'live'],
    });
    expect(probeOf(verification, 'live/api').status).toBe('pass');
    expect(probeOf(verification, 'dns')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/not at 127\.0\.0\.1/),
    });
  });

  test('a service on IPv6 alone is well', async () => {
    const { port } = new URL(await plain({}, '::1'));
    const verification = await verifying({ url: `http://[::1]:${port}`, yaml: configuration() });
    expect(troublesOf(verification)).toEqual([]);
  });
});

describe('without TLS', () => {
  const look = async (routes: Parameters<typeof plain>[0] | undefined) => {
    const url = new URL(routes ? await plain({ '/': json({}, 404), ...routes }) : 'http://127.0.0.1:9');
    const access: Access = { base: url, public: true, connectTo: undefined, ca: undefined, token: undefined };
    const spec = { name: '', data: { access, url, timeout: 1_000 } };
    return httpsRedirect.observe(spec, { signal: AbortSignal.timeout(2_000), number: 1 });
  };

  test.each<[string, Parameters<typeof plain>[0] | undefined, string]>([
    ['nobody', undefined, 'pass'],
    ['a redirect', { '/': text('', 301, { location: 'https://127.0.0.1/' }) }, 'pass'],
    ['a page', { '/': html('<h1>hello</h1>') }, 'fail'],
    [
      'a redirect to somebody else',
      { '/': text('', 301, { location: 'https://elsewhere.example/' }) },
      'fail',
    ],
    ['a redirect without TLS', { '/': text('', 302, { location: '/login' }) }, 'fail'],
  ])('%s answers', async (_, routes, status) => {
    expect((await look(routes)).status).toBe(status);
  });
});

test('every probe of a public service that is well passes', async () => {
  const headers = {
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  const hidden = json({ error: 'not found' }, 404);
  const at = new URL(
    await secure(certificates().good, {
      '/health/ready': json({ status: 'ready' }, 200, headers),
      '/health/deep': hidden,
      '/metrics': hidden,
    }),
  );
  const yaml = configuration(['public: true'], ['domain: chat.test', 'targets: {nginx: {}}']);
  const verification = await verifying({
    url: 'https://chat.test',
    connectTo: `127.0.0.1:${at.port}`,
    ca: certificates().ca,
    yaml,
    skip: ['https-redirect', 'body-limit'],
  });
  expect(troublesOf(verification)).toEqual([]);
  const seen = probeOf(verification, 'tls').detail?.tls;
  expect(seen).toMatchObject({ host: 'chat.test', protocol: 'TLSv1.3', daysLeft: 89 });
  expect(seen?.chain[0]).toMatchObject({
    subject: 'chat.test',
    issuer: 'ca',
    names: ['DNS:localhost', 'DNS:chat.test', 'IP Address:127.0.0.1'],
  });
});

test('gRPC that serves passes, by the service’s name or the server’s', async () => {
  const server = createServer();
  const asked: string[] = [];
  server.on('stream', call => {
    const chunks: Buffer[] = [];
    call
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const name = Buffer.concat(chunks).subarray(7).toString();
        asked.push(name);
        call.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        call.once('wantTrailers', () => call.sendTrailers({ 'grpc-status': name === '' ? '0' : '5' }));
        call.end(name === '' ? Buffer.from([0, 0, 0, 0, 2, 8, 1]) : undefined);
      });
  });
  const yaml = configuration([`grpc: {port: ${await listen(server)}, service: mcp.MCPService}`]);
  const verification = await verifying({ url: await plain({}), yaml, only: ['grpc'] });
  expect(probeOf(verification, 'grpc/api')).toMatchObject({
    status: 'pass',
    message: expect.stringMatching(/SERVING/),
  });
  expect(asked).toEqual(['mcp.MCPService', '']);
});

test('a smoke that is paid is sent once, also while waiting', async () => {
  let sent = 0;
  const url = await plain({
    'POST /api/chat': (request, response) => {
      sent++;
      json({ error: 'no' }, 500)(request, response);
    },
  });
  const yaml = configuration().replace('within: 2s}', 'within: 2s, paid: true}');
  const verification = await verifying({ url, yaml, only: ['smoke'], limits: { wait: 1_000 } });
  expect(probeOf(verification, 'smoke/chat')).toMatchObject({ status: 'fail', attempts: 1 });
  expect(sent).toBe(1);
});

test('a burst of 429 is waited out, and no failure', async () => {
  let asked = 0;
  const url = await plain({
    '/health/ready': (request, response) =>
      (++asked === 1 ? json({}, 429, { 'retry-after': '1' }) : json({ status: 'ready' }))(request, response),
  });
  const verification = await verifying({ url, yaml: configuration(), only: ['ready'] });
  expect(probeOf(verification, 'ready/api')).toMatchObject({ status: 'pass', attempts: 2 });
});

describe('a restart under a held stream', () => {
  const rehearsing = (url: string) =>
    verifying({
      url,
      yaml: configuration(['stream: {kind: sse, paths: [/api/chat/stream], heartbeat: 5s}']).replace(
        'json: {message: Hi}',
        'json: {message: Hi, chunks: 600, delayMs: 100}',
      ),
      only: ['drain'],
      flags: { drain: true },
      limits: { deadline: 60_000 },
    });

  test('of a single process is seen to refuse connections', async () => {
    const running = await launch(node, { SHUTDOWN_TIMEOUT: '1s', DRAIN_DELAY: '500ms' });
    await until(
      async () => (await fetch(`${running.url}/health/ready`).catch(() => undefined))?.ok === true,
      'the service',
    );
    const rehearsal = rehearsing(running.url);
    await until(async () => (await metric(running.metrics, 'ai_active_requests')) > 0, 'its stream');
    await new Promise(resolve => setTimeout(resolve, 1_000));
    running.program.signal('SIGTERM');
    await running.program.exit;
    const again = await launch({ ...node, launch: node.launch }, { PORT: new URL(running.url).port });
    expect(probeOf(await rehearsal, 'drain/api')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/requests were lost/),
    });
    again.program.signal('SIGKILL');
  });

  test('behind something that always answers is clean', async () => {
    let uptime = 100;
    const ends: (() => void)[] = [];
    const url = await plain({
      '/health/ready': (request, response) => json({ status: 'ready', uptime })(request, response),
      'POST /api/chat/stream': (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(event('a'));
        ends.push(() => response.end('event: shutdown\ndata: bye\n\n'));
      },
    });
    const rehearsal = rehearsing(url);
    await until(() => ends.length > 0, 'a stream');
    await new Promise(resolve => setTimeout(resolve, 500));
    uptime = 1;
    for (const end of ends) end();
    const seen = probeOf(await rehearsal, 'drain/api');
    expect(seen).toMatchObject({
      status: 'pass',
      message: expect.stringMatching(/2 events and a clean end over a restart/),
    });
  });

  test('that nobody makes leaves it open', async () => {
    const url = await plain({ '/api/chat/stream': stream([event('a')]) });
    const verification = await verifying({
      url,
      yaml: configuration(),
      only: ['drain'],
      flags: { drain: true },
      limits: { deadline: 1_000 },
    });
    expect(verification.verdict).toBe('inconclusive');
  });
});

/** Streams and silences past the minute after which proxies like to cut them. */
if (process.env['AIDEPLOY_DEEP'])
  test('past 60 s a stream flows, a socket is silent, and both are well', { timeout: 120_000 }, async () => {
    const running = await launchUntil('/health/ready', node);
    const yaml = configuration(['stream: {kind: sse, paths: [/api/chat/stream], heartbeat: 5s}'])
      .replace('json: {message: Hi}', 'json: {message: Hi, chunks: 80, delayMs: 1000}')
      .replace('end: "[DONE]"}}, within: 2s', 'end: "[DONE]"}}, within: 90s');
    const sockets = configuration(['stream: {kind: websocket, paths: [/ws], idle: 90s}']);
    const flags = { long: true };
    const [flowing, silent] = await Promise.all([
      verifying({ url: running.url, yaml, only: ['stream'], flags }),
      verifying({
        url: running.url,
        yaml: sockets.replace(/ {6}- \{name: stream.*\n/, ''),
        only: ['websocket'],
        flags,
      }),
    ]);
    expect(troublesOf(flowing)).toEqual([]);
    expect(probeOf(flowing, 'stream/stream').message).toMatch(/8[01] events|clean end after|still flowing/);
    expect(probeOf(silent, 'websocket/api').message).toMatch(/answered a ping after 65 s of silence/);
  });
