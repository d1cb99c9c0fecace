import { createHash } from 'node:crypto';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:http2';
import type { Socket } from 'node:net';
import { certificates } from '../certificates.ts';
import type { Asked } from '../run.ts';
import { configuration, html, json, listen, METRICS, plain, raw, secure, text } from '../servers.ts';
import type { Scenario } from './scenario.ts';

/** Of what hangs the time is short, so that it does not hold up the tests; what ends by itself has the time it needs. */
const HASTY = 'verify: {timeout: 3s}';
const hasty = configuration([], [HASTY]);
const yaml = configuration([], ['verify: {timeout: 15s}']);
const answering =
  (answer: (socket: Socket) => unknown, configured = yaml) =>
  async (): Promise<Asked> => ({ url: await raw(answer), yaml: configured });
const hanging = (answer: (socket: Socket) => unknown) => answering(answer, hasty);
const says = (bytes: string) => answering(socket => void socket.end(bytes));
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

/** One byte after the other, for ever. */
const drip = (start: string) =>
  hanging(socket => {
    socket.write(start);
    const timer = setInterval(() => socket.write('x'), 50);
    socket.once('close', () => clearInterval(timer));
  });

const CONNECTIONS: readonly Scenario[] = [
  {
    name: 'nobody listens',
    start: async () => ({ url: 'http://127.0.0.1:9', yaml }),
    probe: 'live/api',
    status: 'fail',
    message: /refused: nothing listens/,
  },
  {
    name: 'a server that hangs',
    start: hanging(() => undefined),
    probe: 'live/api',
    status: 'fail',
    message: /no answer began within 3000 ms/,
  },
  {
    name: 'headers that never end',
    start: drip('HTTP/1.1 200 OK\r\nX: '),
    probe: 'live/api',
    status: 'fail',
    message: /no answer began/,
  },
  {
    name: 'a body that never ends',
    start: drip(`${OK}Content-Length: 99999\r\n\r\n`),
    probe: 'live/api',
    status: 'fail',
    message: /the answer did not end within 3000 ms/,
  },
  {
    name: 'a reset before an answer',
    start: answering(socket => void socket.resetAndDestroy()),
    probe: 'live/api',
    status: 'fail',
    message: /lost its connection before any answer/,
  },
  {
    name: 'an end before an answer',
    start: says(''),
    probe: 'live/api',
    status: 'fail',
    message: /lost its connection before any answer/,
  },
  {
    name: 'a body that is cut',
    start: says(`${OK}Content-Length: 99\r\n\r\n{"status":"healthy"}`),
    probe: 'live/api',
    status: 'fail',
    message: /in the middle of the answer/,
  },
  {
    name: 'chunks that are cut',
    start: says(`${OK}Transfer-Encoding: chunked\r\n\r\n14\r\n{"status":"healthy"}\r\n`),
    probe: 'live/api',
    status: 'fail',
    message: /in the middle of the answer/,
  },
  {
    name: 'chunks that are none',
    start: says(`${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nhealthy\r\n0\r\n\r\n`),
    probe: 'live/api',
    status: 'fail',
    message: /no valid HTTP/,
  },
  {
    name: 'another protocol',
    start: says('SSH-2.0-OpenSSH_9.2\r\n'),
    probe: 'live/api',
    status: 'fail',
    message: /no valid HTTP/,
  },
  {
    name: 'a flood of headers',
    start: says(`HTTP/1.1 200 OK\r\n${'X-Flood: x\r\n'.repeat(20_000)}\r\n`),
    probe: 'live/api',
    status: 'fail',
    message: /32 KiB of headers/,
  },
  {
    name: 'an endless header',
    start: answering(socket => {
      socket.write('HTTP/1.1 200 OK\r\nX: ');
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', more);
      more();
    }),
    probe: 'live/api',
    status: 'fail',
    message: /32 KiB of headers/,
  },
  {
    name: 'an endless body',
    start: answering(socket => {
      socket.write(`${OK}\r\n`);
      const more = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      };
      socket.on('drain', more);
      more();
    }),
    probe: 'live/api',
    status: 'fail',
    message: /more than 1048576 bytes/,
  },
  {
    name: 'every second connection is reset',
    start: async () => {
      let turn = 0;
      return {
        url: await raw(
          socket =>
            void (turn++ % 2
              ? socket.resetAndDestroy()
              : socket.end(`${OK}Connection: close\r\n\r\n{"status":"ready"}`)),
        ),
        yaml,
      };
    },
    probe: 'ready/api',
    status: 'fail',
    message: /said yes 1 times and then no: .*lost its connection/,
  },
  {
    name: 'a name that does not resolve',
    start: async () => ({ url: 'http://nobody.invalid:8080', yaml: hasty }),
    probe: 'dns',
    status: 'fail',
    message: /nobody\.invalid was not resolved/,
    within: 6_000,
  },
];

const tls =
  (options: Parameters<typeof secure>[0], more: Partial<Asked> = {}) =>
  async (): Promise<Asked> => ({ url: await secure(options), yaml, ca: certificates().ca, ...more });

const SECURITY: readonly Scenario[] = [
  {
    name: 'an expired certificate',
    start: async () => tls(certificates().expired)(),
    probe: 'tls',
    status: 'fail',
    message: /certificate has expired.*renew/,
  },
  {
    name: 'a certificate that expires soon',
    start: async () => tls(certificates().soon)(),
    probe: 'tls',
    status: 'fail',
    message: /expires in 2 days|expires in 3 days/,
  },
  {
    name: 'a certificate of other names',
    start: async () => tls(certificates().other)(),
    probe: 'tls',
    status: 'fail',
    message: /for other names/,
  },
  {
    name: 'a self-signed certificate',
    start: async () => tls(certificates().selfSigned)(),
    probe: 'tls',
    status: 'fail',
    message: /self-signed/,
  },
  {
    name: 'an authority that nobody trusts',
    start: async () => ({ url: await secure(certificates().good), yaml }),
    probe: 'live/api',
    status: 'fail',
    message: /chain/,
  },
  {
    name: 'a chain with a hole',
    start: async () => tls(certificates().incomplete)(),
    probe: 'tls',
    status: 'fail',
    message: /chain is not complete.*fullchain/,
  },
  {
    name: 'TLS 1.0 only',
    start: async () =>
      tls({ ...certificates().good, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' })(),
    probe: 'tls',
    status: 'fail',
    message: /no common TLS 1\.2 or 1\.3/,
  },
  {
    name: 'TLS 1.0 too',
    start: async () => tls({ ...certificates().good, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' })(),
    probe: 'tls',
    status: 'fail',
    message: /TLSv1(?:\.1)? is offered too/,
  },
  {
    name: 'no TLS where it should be',
    start: async () => ({ url: (await plain({})).replace('http:', 'https:'), yaml }),
    probe: 'tls',
    status: 'fail',
    message: /without TLS/,
  },
  {
    name: 'a handshake that hangs',
    start: async () => ({ url: (await raw(() => undefined)).replace('http:', 'https:'), yaml: hasty }),
    probe: 'live/api',
    status: 'fail',
    message: /handshake did not end/,
  },
];

/** By its public name, which leads to the test's server. */
const outside =
  (
    routes: Parameters<typeof plain>[0],
    lines: readonly string[] = ['public: true'],
    more: readonly string[] = ['domain: chat.test', 'targets: {nginx: {}}'],
  ) =>
  async (): Promise<Asked> => {
    const at = new URL(await secure(certificates().good, routes));
    return {
      url: 'https://chat.test',
      connectTo: `127.0.0.1:${at.port}`,
      ca: certificates().ca,
      yaml: configuration(lines, more),
    };
  };

const PUBLIC: readonly Scenario[] = [
  {
    name: 'deep health for everybody',
    start: outside({ '/metrics': json({}, 404) }),
    probe: 'exposure/api',
    status: 'fail',
    message: /\/health\/deep was answered with 200/,
  },
  {
    name: 'metrics for everybody',
    start: outside({ '/health/deep': json({}, 404) }),
    probe: 'exposure/api',
    status: 'fail',
    message: /\/metrics was answered with 200/,
  },
  {
    name: 'metrics behind a slash',
    start: outside({
      '/health/deep': json({}, 404),
      '/metrics': json({}, 404),
      '/metrics/': text(METRICS(1)),
    }),
    probe: 'exposure/api',
    status: 'fail',
    message: /\/metrics\/ was/,
  },
  {
    name: 'no security headers',
    start: outside({}),
    probe: 'security-headers/api',
    status: 'fail',
    message: /no Strict-Transport-Security/,
  },
  {
    name: 'no limit of bodies',
    start: outside({}),
    probe: 'body-limit/api',
    status: 'fail',
    message: /413 for 1048577 bytes/,
  },
  {
    name: 'a limit of bodies that is too small',
    start: outside({ 'POST /api/chat': json({}, 413) }),
    probe: 'body-limit/api',
    status: 'fail',
    message: /no 413 for 1047552 bytes/,
  },
  {
    name: 'no id for requests',
    start: outside({
      '/health/ready': (_, response) => {
        response.removeHeader('x-request-id');
        response.end('{"status":"ready"}');
      },
    }),
    probe: 'request-id/api',
    status: 'fail',
    message: /none/,
  },
];

/** An HTTP server that does something else with upgrades. */
const withSockets = (answer: (socket: Socket, key: string) => unknown) => async (): Promise<Asked> => {
  const server = createPlainServer();
  server.on('upgrade', (request, socket) =>
    answer(socket as Socket, request.headers['sec-websocket-key'] ?? ''),
  );
  const yaml = configuration(['stream: {kind: websocket, paths: [/ws]}'], [HASTY]);
  return { url: `http://127.0.0.1:${await listen(server)}`, yaml };
};

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const accepted = (key: string) => {
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

const SOCKETS: readonly Scenario[] = [
  {
    name: 'an upgrade that a proxy swallows',
    start: async () => ({
      url: await plain({ '/ws': json({ error: 'upgrade required' }, 426) }),
      yaml: configuration(['stream: {kind: websocket, paths: [/ws]}']),
    }),
    probe: 'websocket/api',
    status: 'fail',
    message: /426 and no upgrade/,
  },
  {
    name: 'an upgrade with another key',
    start: withSockets(socket => void socket.write(accepted('another'))),
    probe: 'websocket/api',
    status: 'fail',
    message: /not that of the key/,
  },
  {
    name: 'a socket that is silent',
    start: withSockets((socket, key) => void socket.write(accepted(key))),
    probe: 'websocket/api',
    status: 'fail',
    message: /a pong.*|nothing came in time/,
  },
  {
    name: 'a socket that is cut',
    start: withSockets((socket, key) => void socket.end(accepted(key))),
    probe: 'websocket/api',
    status: 'fail',
    message: /closed without a close frame/,
  },
  {
    name: 'a socket that speaks something else',
    start: withSockets((socket, key) => {
      socket.write(accepted(key));
      socket.write('HTTP/1.1 500 no\r\n');
    }),
    probe: 'websocket/api',
    status: 'fail',
    message: /reserved bits|masked/,
  },
];

/** A gRPC server that answers one thing. */
const rpc =
  (headers: Record<string, string | number>, body: Buffer, trailers: Record<string, string>) =>
  async (): Promise<Asked> => {
    const server = createServer();
    server.on('stream', stream => {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...headers },
        { waitForTrailers: true },
      );
      stream.once('wantTrailers', () => stream.sendTrailers(trailers));
      stream.end(body);
    });
    const port = await listen(server);
    return {
      url: await plain({}),
      yaml: configuration([`grpc: {port: ${port}, service: mcp.MCPService}`], [HASTY]),
    };
  };
const state = (value: number) => Buffer.from([0, 0, 0, 0, 2, 8, value]);

const RPC: readonly Scenario[] = [
  {
    name: 'gRPC that does not serve',
    start: rpc({}, state(2), { 'grpc-status': '0' }),
    probe: 'grpc/api',
    status: 'fail',
    message: /NOT_SERVING/,
  },
  {
    name: 'gRPC without a health service',
    start: rpc({}, Buffer.alloc(0), { 'grpc-status': '12' }),
    probe: 'grpc/api',
    status: 'inconclusive',
    message: /no grpc\.health/,
  },
  {
    name: 'gRPC that is not available',
    start: rpc({}, Buffer.alloc(0), { 'grpc-status': '14', 'grpc-message': 'down' }),
    probe: 'grpc/api',
    status: 'fail',
    message: /status 14 down/,
  },
  {
    name: 'gRPC that is exhausted',
    start: rpc({}, Buffer.alloc(0), { 'grpc-status': '8' }),
    probe: 'grpc/api',
    status: 'inconclusive',
    message: /busy/,
    within: 8_000,
  },
  {
    name: 'HTTP where gRPC should be',
    start: async () => {
      const url = await plain({});
      return {
        url,
        yaml: configuration([`grpc: {port: ${new URL(url).port}}`], [HASTY]),
      };
    },
    probe: 'grpc/api',
    status: 'fail',
    message: /gRPC|HTTP/,
  },
  {
    name: 'gRPC where nobody listens',
    start: async () => ({ url: await plain({}), yaml: configuration(['grpc: {port: 9}']) }),
    probe: 'grpc/api',
    status: 'fail',
    message: /refused/,
  },
  {
    name: 'gRPC that hangs',
    start: async () => ({
      url: await plain({}),
      yaml: configuration([`grpc: {port: ${new URL(await raw(() => undefined)).port}}`], [HASTY]),
    }),
    probe: 'grpc/api',
    status: 'fail',
    message: /timed out/,
  },
];

const STRANGERS: readonly Scenario[] = [
  {
    name: 'an address that leads in a circle',
    start: async () => ({
      url: await plain({
        '*': (_, response) => response.writeHead(302, { location: '/' }).end(),
        '/': (_, response) => response.writeHead(302, { location: '/' }).end(),
      }),
    }),
    probe: 'endpoints',
    status: 'fail',
    message: /in a circle/,
  },
  {
    name: 'an address that leads to somebody else',
    start: async () => ({
      url: await plain({ '/': text('', 301, { location: 'https://elsewhere.example.com/' }) }),
    }),
    probe: 'endpoints',
    status: 'fail',
    message: /to another host, elsewhere/,
  },
  {
    name: 'an address that leads to nothing',
    start: async () => ({ url: await plain({ '/': text('', 301, { location: 'http://' }) }) }),
    probe: 'endpoints',
    status: 'fail',
    message: /no address/,
  },
  {
    name: 'an address without health',
    start: async () => ({ url: await stranger({ '/': html('<h1>It works!</h1>') }) }),
    probe: 'endpoints',
    status: 'inconclusive',
    message: /none of them does/,
  },
  {
    name: 'an address that answers everything alike',
    start: async () => ({ url: await stranger({ '*': json({ status: 'ok' }) }) }),
    probe: 'endpoints',
    status: 'inconclusive',
    message: /none of them does/,
  },
  {
    name: 'an address where a proxy reaches nobody',
    start: async () => ({ url: await stranger({ '*': html('<title>502 Bad Gateway</title>', 502) }) }),
    probe: 'endpoints',
    status: 'fail',
    message: /502/,
  },
  {
    name: 'an address that is silent',
    start: async () => ({ url: await raw(() => undefined), flags: { timeout: 500 } }),
    probe: 'endpoints',
    status: 'fail',
    message: /timed out/,
  },
];

/** Only what is named answers. */
const stranger = (routes: Parameters<typeof plain>[0]) => {
  const none = [
    '/health/live',
    '/health/ready',
    '/health/startup',
    '/health/deep',
    '/version',
    '/metrics',
    '/api/chat/stream',
    'POST /api/chat',
  ];
  return plain({
    ...Object.fromEntries(none.map(path => [path, routes['*'] ?? json({ error: 'not found' }, 404)])),
    ...routes,
  });
};

export const TRANSPORT: readonly Scenario[] = [
  ...CONNECTIONS,
  ...SECURITY,
  ...PUBLIC,
  ...SOCKETS,
  ...RPC,
  ...STRANGERS,
];
