import { describe, expect, test } from 'vitest';
import { type Aspect, readBody } from '../../src/verify/health/body.ts';
import { busyFor } from '../../src/verify/health/busy.ts';
import { uptimeIn } from '../../src/verify/uptime.ts';
import { versionIn } from '../../src/verify/version.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const CHATBOT = {
  status: 'healthy',
  timestamp: '2024-01-28T16:30:00Z',
  uptime: '2h15m30s',
  version: 'v1.0.0',
  liveness: { status: 'healthy', checks: [{ name: 'process', healthy: true, latency: '1ms' }] },
  readiness: { status: 'ready', checks: [{ name: 'anthropic_api', healthy: true, latency: '150ms' }] },
};
const AIXGO = {
  status: 'healthy',
  timestamp: '2025-11-20T12:00:00Z',
  version: '1.0.0',
  uptime: '1h30m',
  checks: { ping: { status: 'healthy', message: 'pong', last_checked: '2025-11-20T12:00:00Z' } },
  system: { num_goroutines: 12, num_cpu: 4, mem_alloc_mb: 23, mem_sys_mb: 70 },
};
const without = {
  ...CHATBOT,
  readiness: { status: 'not ready', checks: [{ name: 'anthropic_api', healthy: false }] },
};

describe('bodies of health, by what they mean', () => {
  test.each<[string, unknown, Aspect, string, RegExp?]>([
    ['the chatbot’s', CHATBOT, 'ready', 'good'],
    ['aixgo’s, whose system block says nothing', AIXGO, 'ready', 'good'],
    ['a plain one', { status: 'healthy' }, 'live', 'good'],
    [
      'the chatbot’s that is not ready',
      without,
      'ready',
      'bad',
      /readiness\.status is "not ready", readiness\.checks\.anthropic_api\.healthy is false/,
    ],
    ['the same, when asked whether it lives', without, 'live', 'good'],
    [
      'checks by name',
      { status: 'ok', checks: { db: 'ok', cache: 'down' } },
      'deep',
      'bad',
      /checks\.cache is "down"/,
    ],
    [
      'Spring’s',
      { status: 'UP', components: { db: { status: 'DOWN', details: { error: 'x' } } } },
      'ready',
      'bad',
    ],
    [
      'a check that is not critical',
      { status: 'ok', checks: { cache: { status: 'down', critical: false } } },
      'deep',
      'good',
    ],
    ['degraded', { status: 'degraded' }, 'ready', 'partly'],
    ['starting', { status: 'starting' }, 'ready', 'soon'],
    ['a breaker that is open', { status: 'ok', checks: { breaker: { state: 'open' } } }, 'deep', 'bad'],
    ['true', true, 'live', 'good'],
    ['false', false, 'live', 'bad'],
    ['a status code', { status: 200 }, 'live', 'good'],
    ['a status code of a failure', { status: 503 }, 'live', 'bad'],
    [
      'a list of checks',
      [
        { name: 'a', status: 'ok' },
        { name: 'b', status: 'failed' },
      ],
      'deep',
      'bad',
      /b\.status|1\.status/,
    ],
    ['nothing of health', { models: [{ name: 'llama' }] }, 'ready', 'silent'],
    ['an error', { error: 'no database' }, 'ready', 'bad'],
    ['no error', { error: null, status: 'ok' }, 'ready', 'good'],
    ['words that nobody knows', { status: 'purple' }, 'ready', 'silent'],
  ])('%s', (_, body, aspect, meaning, says = /./) => {
    const reading = readBody(JSON.stringify(body), JSON_TYPE, aspect);
    expect(reading).toEqual({ meaning, says: expect.stringMatching(says) });
  });

  test.each<[string, string, string]>([
    ['ok', 'text/plain', 'good'],
    ['OK\n', 'text/plain', 'good'],
    ['Healthy.', '', 'good'],
    ['Ollama is running', 'text/plain', 'good'],
    ['unhealthy', 'text/plain', 'bad'],
    ['not ready: database is down', 'text/plain', 'bad'],
    ['pong', 'text/plain', 'silent'],
    ['', 'text/plain', 'silent'],
    ['<html><title>Welcome</title></html>', 'text/html', 'page'],
    ['<!DOCTYPE html>', 'text/plain', 'page'],
    ['{"status":', JSON_TYPE, 'unreadable'],
    ['{"status":', 'text/plain', 'unreadable'],
    ['{"status":"healthy"}', 'text/plain', 'good'],
  ])('%j as %s is %s', (body, type, meaning) => {
    expect(readBody(body, type, 'ready').meaning).toBe(meaning);
  });

  test('a body of any depth and width is read in bounded time', () => {
    const deep = `${'{"checks":'.repeat(5_000)}{}${'}'.repeat(5_000)}`;
    const wide = JSON.stringify({
      checks: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`c${i}`, 'ok'])),
    });
    const started = performance.now();
    expect(readBody(deep, JSON_TYPE, 'deep').meaning).toBe('silent');
    expect(readBody(wide, JSON_TYPE, 'deep').meaning).toBe('good');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test.each<[number, Record<string, string>, string, number | undefined]>([
  [429, {}, '', 1_000],
  [429, { 'retry-after': '7' }, '', 7_000],
  [429, { 'retry-after': '99999' }, '', 60_000],
  [429, { 'retry-after': 'soon' }, '', 1_000],
  [503, { 'retry-after': '2' }, '', 2_000],
  [503, {}, '{"error":"queue is full"}', 1_000],
  [503, {}, '{"status":"not ready"}', undefined],
  [503, { 'retry-after': '2' }, '{"status":"draining"}', undefined],
  [503, {}, '', undefined],
  [502, { 'retry-after': '1' }, '', undefined],
  [200, { 'retry-after': '1' }, 'busy', undefined],
])('%i with %j and %j is busy for %s ms', (status, headers, text, wait) => {
  expect(busyFor({ status, headers, text })).toBe(wait);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['{"version":"1.2.3","commit":"abc"}', {}, '1.2.3'],
  ['{"status":"ok","build":{"version":"v2"}}', {}, 'v2'],
  ['v1.2.3\n', {}, 'v1.2.3'],
  ['{}', { 'x-version': '9' }, '9'],
  ['hello', {}, undefined],
  ['{"version":7}', {}, undefined],
  ['{"version":', {}, undefined],
])('%j with %j names version %s', (text, headers, version) => {
  expect(versionIn({ text, headers })).toBe(version);
});

test.each<[unknown, number | undefined]>([
  [{ uptime: '2h15m30s' }, 8130],
  [{ uptime: 12.5 }, 12.5],
  [{ uptime: '0h0m7s' }, 7],
  [{ uptime_seconds: 3, uptime: '1h' }, 3],
  [{ uptime: 'long' }, undefined],
  [{}, undefined],
])('%j is up for %s s', (body, seconds) => {
  expect(uptimeIn(JSON.stringify(body))).toBe(seconds);
});
