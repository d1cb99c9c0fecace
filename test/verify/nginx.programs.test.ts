/** Through a real nginx: as it is rendered, and with one thing in it spoiled. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchUntil, node } from '../services/launch.ts';
import { cleanUp } from '../services/programs.ts';
import { Site } from '../targets/nginx/site.ts';
import { probeOf, troublesOf, verifying } from './run.ts';

const DOMAIN = 'chat.test';

const yamlOf = (port: string) => `version: 1
name: chat
domain: ${DOMAIN}
services:
  api:
    language: node
    build: {main: src/server.js}
    port: ${port}
    metrics: {}
    health: {live: /health/live, ready: /health/ready, startup: /health/startup, deep: /health/deep}
    stream: {kind: sse, paths: [/api/chat/stream], heartbeat: 5s}
    public: true
    smoke:
      - {name: chat, method: POST, path: /api/chat, json: {message: Hello}, expect: {json: {$.reply: exists}}}
      - {name: stream, method: POST, path: /api/chat/stream, json: {message: Hi, chunks: 8, delayMs: 150}, expect: {sse: {minEvents: 8, end: "[DONE]"}}}
  sockets:
    language: node
    build: {main: src/server.js}
    port: ${port}1
    health: {live: /health/live, ready: /health/ready}
    stream: {kind: websocket, paths: [/ws], heartbeat: 5s}
    public: /ws
targets: {nginx: {}}
`;

let site: Site;
let yaml: string;
let rendered: string;

beforeAll(async () => {
  const running = await launchUntil('/health/ready', node);
  const { port } = new URL(running.url);
  // Both services are the same program here.
  yaml = yamlOf(port).replace(`${port}1`, '3001');
  site = await Site.start(yaml);
  rendered = readFileSync(join(site.dir, 'site.conf'), 'utf8').replaceAll(
    '127.0.0.1:3001',
    `127.0.0.1:${port}`,
  );
  await serve(rendered);
});
afterAll(cleanUp);

async function serve(conf: string): Promise<void> {
  writeFileSync(join(site.dir, 'site.conf'), conf);
  await site.reload();
}

const look = (more: Partial<Parameters<typeof verifying>[0]> = {}) =>
  verifying({
    url: `https://${DOMAIN}`,
    connectTo: `127.0.0.1:${site.ports.https}`,
    ca: site.ca.toString(),
    yaml,
    // Port 80 of this machine is not this nginx’s.
    skip: ['https-redirect'],
    ...more,
  });

test('as it is rendered, everything passes', async () => {
  const verification = await look();
  expect(troublesOf(verification)).toEqual([]);
  const passed = verification.probes.filter(({ status }) => status === 'pass').map(({ id }) => id);
  expect(passed).toEqual([
    'body-limit/api',
    'body-limit/sockets',
    'exposure/api',
    'exposure/sockets',
    'latency/api',
    'live/api',
    'ready/api',
    'request-id/api',
    'security-headers/api',
    'security-headers/sockets',
    'smoke/api/chat',
    'startup/api',
    'stream/api/stream',
    'tls',
    'version/api',
    'websocket/sockets',
  ]);
});

test('an address alone finds what is public, and nothing that should not be', async () => {
  const verification = await look({ yaml: undefined as never });
  expect(probeOf(verification, 'endpoints').message).toMatch(/live \/health\/live, ready \/health\/ready/);
  expect(probeOf(verification, 'endpoints').message).not.toMatch(/deep|metrics/);
  expect(probeOf(verification, 'exposure').status).toBe('pass');
});

type Spoil = readonly [what: string, spoil: (conf: string) => string, probe: string, message: RegExp];

const SPOILED: readonly Spoil[] = [
  [
    'streams are buffered',
    conf => conf.replaceAll(/proxy_buffering off;/g, 'proxy_buffering on;'),
    'stream/api/stream',
    /buffers them/,
  ],
  [
    'streams are cut',
    conf => conf.replaceAll(/proxy_read_timeout \d+s;/g, 'proxy_read_timeout 100ms;'),
    'stream/api/stream',
    /lost its connection|cut/,
  ],
  [
    'deep health is public',
    conf => conf.replaceAll('^/health/deep', '^/nothing'),
    'exposure/api',
    /\/health\/deep was answered with 200/,
  ],
  [
    'metrics are public',
    conf => conf.replaceAll('^/metrics', '^/nothing'),
    'exposure/api',
    /\/metrics was answered with 200/,
  ],
  [
    'HSTS is missing',
    conf => conf.replaceAll(/add_header Strict-Transport-Security .*;/g, ''),
    'security-headers/api',
    /no Strict-Transport-Security/,
  ],
  [
    'bodies are limited too much',
    conf => conf.replaceAll(/client_max_body_size .*;/g, 'client_max_body_size 10k;'),
    'body-limit/api',
    /no 413 for/,
  ],
  [
    'old TLS is offered',
    conf =>
      conf
        .replace(/ssl_protocols .*;/, 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2;')
        .replace(/ssl_ciphers .*;/, 'ssl_ciphers ALL:@SECLEVEL=0;'),
    'tls',
    /is offered too/,
  ],
  [
    'nobody is behind it',
    conf => conf.replaceAll(/server 127\.0\.0\.1:\d+/g, 'server 127.0.0.1:9'),
    'live/api',
    /502.*check that it runs/,
  ],
  [
    'upgrades are swallowed',
    conf => conf.replaceAll(/proxy_set_header Upgrade .*;/g, 'proxy_set_header Upgrade "";'),
    'websocket/sockets',
    /no upgrade/,
  ],
  [
    'ids are dropped',
    conf => conf.replaceAll(/add_header X-Request-Id .*;/g, ''),
    'request-id/api',
    /answered with none/,
  ],
];

test.each(SPOILED)('%s', async (_, spoil, probe, message) => {
  const spoiled = spoil(rendered);
  expect(spoiled).not.toBe(rendered);
  await serve(spoiled);
  const verification = await look({ only: [probe.split('/')[0] ?? ''] });
  expect(probeOf(verification, probe)).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(message),
  });
  expect(verification.verdict).toBe('fail');
});
