import { describe, expect, test } from 'vitest';
import { endpointsOf, isOutside, type Reach } from '../../src/verify/endpoints.ts';
import { addressOf } from '../../src/verify/http/exchange.ts';
import { modelOf } from '../model/models.ts';

const REACH: Reach = { url: undefined, connectTo: undefined, ca: undefined, token: undefined };

const yaml = (domain: string) => `version: 1
name: chat
${domain}
services:
  api:
    language: go
    build: {main: ./cmd/server}
    port: 8080
    metrics: {port: 9090}
    grpc: {port: 50051, service: a.B}
    health: {live: /health/live, ready: /health/ready, deep: /health/deep}
    stream: {kind: sse, paths: [/api/stream, /mcp/stream]}
    ${domain === '' ? '' : 'public: true'}
  mcp:
    language: go
    build: {main: ./cmd/mcp}
    port: 8081
    health: {live: /mcp/live, ready: /ready}
    ${domain === '' ? '' : 'public: /mcp'}
  ollama:
    image: ollama/ollama:0.12.6
    port: 11434
    health: {live: /, ready: /api/tags}
  worker:
    language: go
    build: {main: ./cmd/worker}
    kind: worker
`;

describe('where services answer', () => {
  const seen = (domain: string, reach: Partial<Reach>) =>
    endpointsOf(modelOf(yaml(domain)), { ...REACH, ...reach }).map(({ service, access }) => [
      service,
      access.base.origin,
      access.public,
    ]);

  test('by the domain those that are public', () => {
    expect(seen('domain: chat.example.com', {})).toEqual([
      ['api', 'https://chat.example.com', true],
      ['mcp', 'https://chat.example.com', true],
    ]);
  });

  test('without one on this machine, each that listens', () => {
    expect(seen('', {})).toEqual([
      ['api', 'http://127.0.0.1:8080', false],
      ['mcp', 'http://127.0.0.1:8081', false],
      ['ollama', 'http://127.0.0.1:11434', false],
    ]);
  });

  test('at an address those that users meet there', () => {
    const url = new URL('http://127.0.0.1:9000');
    expect(seen('domain: chat.example.com', { url })).toEqual([
      ['api', 'http://127.0.0.1:9000', false],
      ['mcp', 'http://127.0.0.1:9000', false],
    ]);
    expect(seen('', { url })).toEqual([['api', 'http://127.0.0.1:9000', false]]);
  });

  test('where a platform says', () => {
    expect(
      seen('domain: chat.example.com', { addresses: { ollama: new URL('http://10.0.0.1:1') } }),
    ).toContainEqual(['ollama', 'http://10.0.0.1:1', false]);
  });
});

test('from outside a path belongs to whoever has the longest part of it', () => {
  const [api, mcp] = endpointsOf(modelOf(yaml('domain: chat.example.com')), REACH);
  expect(api).toMatchObject({
    live: '/health/live',
    ready: '/health/ready',
    stream: { paths: ['/api/stream'] },
  });
  expect(api?.metrics?.href).toBe('https://chat.example.com/metrics');
  expect(mcp).toMatchObject({ live: '/mcp/live', ready: undefined });
});

test('directly, metrics and gRPC have ports of their own', () => {
  const [api] = endpointsOf(modelOf(yaml('')), REACH);
  expect(api?.metrics?.href).toBe('http://127.0.0.1:9090/metrics');
  expect(api?.grpc).toEqual({ url: new URL('http://127.0.0.1:50051/'), service: 'a.B' });
});

test.each<[string, boolean]>([
  ['https://chat.example.com', true],
  ['http://93.184.216.34', true],
  ['http://[2606:2800:220:1::1]', true],
  ['http://localhost:8080', false],
  ['http://api:8080', false],
  ['http://10.1.2.3', false],
  ['http://172.20.0.3:80', false],
  ['http://192.168.1.1', false],
  ['http://[::1]:8080', false],
  ['http://[fd00::1]', false],
  ['http://api.chat.svc.cluster.local', false],
])('%s is outside: %s', (url, outside) => {
  expect(isOutside(new URL(url))).toBe(outside);
});

test.each<[string, string, string]>([
  ['https://a.example', '/health', 'https://a.example/health'],
  ['https://a.example/base/', '/health?x=1', 'https://a.example/base/health?x=1'],
  ['https://a.example/base', '//evil.example/x', 'https://a.example/base//evil.example/x'],
  ['https://a.example', '//evil.example/x', 'https://a.example//evil.example/x'],
])('%s and %s make %s', (base, path, whole) => {
  expect(addressOf(new URL(base), path).href).toBe(whole);
});
