// The contract that every HTTP service keeps, whatever it is written in.

import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areApart, collect, eventsOf, metric, post, status, tokens, WebSocketClient } from './clients.ts';
import {
  go,
  goBinaries,
  launch,
  launchUntil,
  node,
  nodeFolder,
  python,
  type Running,
  services,
  version,
} from './launch.ts';
import { freePort } from './ports.ts';
import { cleanUp, folder, pythonEnvironment, run, until } from './programs.ts';

beforeAll(() => Promise.all([goBinaries(), pythonEnvironment(), nodeFolder()]), 600_000);
afterAll(cleanUp);

// The services side by side, each of them one test after the other: most of the time is spent waiting.
describe.concurrent.each(services)('$name', service => {
  describe.sequential('runs', () => {
    let at: Running;
    beforeAll(async () => {
      at = await launchUntil('/health/ready', service);
    });

    it.each([
      ['/health/live', 'healthy'],
      ['/health/ready', 'ready'],
      ['/health/startup', 'started'],
      ['/health/deep', 'healthy'],
    ])('%s says %s, since when, and of which version', async (path, expected) => {
      const response = await fetch(at.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('application/json');
      const body = (await response.json()) as { uptime: string; timestamp: string };
      expect(body).toMatchObject({ status: expected, version: version.version });
      expect(body.uptime).toMatch(/^(\d+h)?(\d+m)?\d+s$/);
      expect(Date.parse(body.timestamp)).not.toBeNaN();
    });

    it('names each dependency with its latency in /health/deep', async () => {
      const llm = { status: 'healthy', latency: expect.any(String), latency_ms: expect.any(Number) };
      expect(await (await fetch(`${at.url}/health/deep`)).json()).toMatchObject({ checks: { llm } });
    });

    it('tells its version', async () => {
      expect(await (await fetch(`${at.url}/version`)).json()).toEqual(version);
    });

    it('answers a chat and echoes the request id', async () => {
      const response = await post(
        `${at.url}/api/chat`,
        { message: 'hello there' },
        { 'X-Request-Id': 'req-42' },
      );
      expect(response.status).toBe(200);
      expect(response.headers.get('x-request-id')).toBe('req-42');
      expect(await response.json()).toMatchObject({ reply: 'Echo: hello there', request_id: 'req-42' });
    });

    it('replaces a request id that does not belong into a log', async () => {
      const response = await post(`${at.url}/api/chat`, { message: 'hi' }, { 'X-Request-Id': 'a b{}' });
      expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{16,}$/);
    });

    it.each([
      ['no JSON', 'hello', 400],
      ['no message', {}, 400],
      ['an empty message', { message: ' ' }, 400],
      ['a message that is no text', { message: 5 }, 400],
      ['a length below zero', { message: 'hi', chunks: -1 }, 400],
      ['a body past the limit', { message: 'x'.repeat(1_100_000) }, 413],
    ])('refuses %s', async (_, body, expected) => {
      for (const path of ['/api/chat', '/api/chat/stream']) {
        const response = await post(at.url + path, body);
        expect(response.status).toBe(expected);
        expect(await response.json()).toMatchObject({
          error: expect.any(String),
          request_id: expect.any(String),
        });
      }
    });

    it('streams a token at a time, as each is made', async () => {
      const response = await post(`${at.url}/api/chat/stream`, { message: 'hi', chunks: 4, delayMs: 300 });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const events = (await collect(response)).filter(event => event.data);
      expect(tokens(events)).toBe('Echo: hi Echo: hi ');
      expect(events.at(-1)?.data).toBe('[DONE]');
      const times = events.slice(0, 4).map(({ at }) => at);
      expect(areApart(times, 300)).toBe(true);
    });

    it('streams to a GET, and keeps a quiet stream open by comments', async () => {
      const events = await collect(await fetch(`${at.url}/api/chat/stream?q=hi&chunks=2&delayMs=700`));
      expect(tokens(events)).toBe('Echo: hi ');
      expect(events.filter(event => event.comment === 'heartbeat').length).toBeGreaterThanOrEqual(2);
    });

    it('stops for a client that leaves, and counts it', async () => {
      const response = await fetch(`${at.url}/api/chat/stream?q=hi&chunks=1000&delayMs=50`);
      for await (const event of eventsOf(response)) if (event.data) break;
      await until(async () => (await metric(at.metrics, 'ai_stream_disconnects_total')) === 1, 'the count');
      const made = () => metric(at.metrics, 'ai_tokens_total', { direction: 'output' });
      // What it was at may still be counted; to its end it would go on for most of a minute.
      const rests = async () => {
        const then = await made();
        await sleep(300);
        return (await made()) === then;
      };
      await until(rests, 'the last token', 20_000);
    });

    it('echoes over a WebSocket', async () => {
      const socket = await WebSocketClient.connect(`${at.url}/ws`);
      for (const text of ['hello', 'again']) {
        socket.send(text);
        expect((await socket.next()).payload.toString()).toBe(text);
      }
      socket.end();
    });

    it('moves its metrics', async () => {
      const chat = { endpoint: '/api/chat', status: '200' };
      const read = async () => ({
        requests: await metric(at.metrics, 'ai_requests_total', chat),
        count: await metric(at.metrics, 'ai_request_duration_seconds_count', { endpoint: '/api/chat' }),
        tokens: await metric(at.metrics, 'ai_tokens_total', { direction: 'input' }),
        errors: await metric(at.metrics, 'ai_errors_total', { type: 'bad_request' }),
      });
      const before = await read();
      await post(`${at.url}/api/chat`, { message: 'three more words' });
      await post(`${at.url}/api/chat`, {});
      // The last byte may arrive before the request is counted.
      await until(async () => (await read()).count === before.count + 2, 'both requests to be counted');
      const { requests, tokens, errors } = await read();
      expect({ requests, tokens, errors }).toEqual({
        requests: before.requests + 1,
        tokens: before.tokens + 3,
        errors: before.errors + 1,
      });
    });

    it('counts what is in flight', async () => {
      const response = await fetch(`${at.url}/api/chat/stream?q=hi&chunks=1000&delayMs=50`);
      await until(async () => (await metric(at.metrics, 'ai_active_requests')) >= 1, 'an active request');
      await response.body?.cancel();
      await until(async () => (await metric(at.metrics, 'ai_active_requests')) === 0, 'none');
    });

    it('checks itself, where it can', async () => {
      if (at.selfCheck) expect(await at.selfCheck()).toBe(0);
    });

    // Not defined otherwise, rather than skipped: a skip means that something could not be looked at.
    if (process.env['AIDEPLOY_DEEP'])
      it('streams past a minute, and keeps an idle connection longer than a proxy does', async () => {
        const stream = fetch(`${at.url}/api/chat/stream?q=hi&chunks=14&delayMs=5000`).then(collect);
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        expect(await reusesConnection(`${at.url}/version`, agent)).toBe(false);
        await sleep(76_000);
        expect(await reusesConnection(`${at.url}/version`, agent)).toBe(true);
        agent.destroy();
        expect((await stream).at(-1)?.data).toBe('[DONE]');
      }, 120_000);

    it('logs JSON with level and message', () => {
      const lines = at.program.logs();
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'info', msg: 'HTTP request completed', status: 200 }),
      );
      expect(lines.filter(line => String(line['path']).startsWith('/health'))).toEqual([]);
    });
  });

  describe.sequential('drains', () => {
    it('is unready first, finishes a stream, and leaves in order', async () => {
      const at = await launchUntil('/health/ready', service, {
        DRAIN_DELAY: '3s',
        SHUTDOWN_TIMEOUT: '20s',
      });
      const stream = collect(await fetch(`${at.url}/api/chat/stream?q=hi&chunks=50&delayMs=100`));
      const signalled = Date.now();
      at.program.signal('SIGTERM');
      await until(async () => (await status(`${at.url}/health/ready`)) === 503, 'unreadiness');
      expect(await status(`${at.url}/health/live`)).toBe(200);
      expect((await post(`${at.url}/api/chat`, { message: 'late' })).status).toBe(200);

      expect((await stream).at(-1)?.data).toBe('[DONE]');
      expect(Date.now() - signalled).toBeGreaterThan(3_000); // it outlived the delay
      const ended = Date.now();
      expect(service.drained).toContain(await at.program.exit);
      expect(Date.now() - ended).toBeLessThan(10_000); // the connection that is kept alive does not hold it up
      expect(await status(`${at.url}/health/live`)).toBe(0);

      const said = at.program.logs().map(line => line['msg']);
      const order = [
        'received shutdown signal',
        'stopping HTTP server',
        'waiting for in-flight requests',
        'flushing telemetry',
        'shutdown complete',
      ];
      expect(said.filter((line, i) => order.includes(String(line)) && said.indexOf(line) === i)).toEqual(
        order,
      );
      if (at.selfCheck) expect(await at.selfCheck()).toBe(1);
    });

    it('ends what still streams with a last event, and closes WebSockets at once', async () => {
      const at = await launchUntil('/health/ready', service, { SHUTDOWN_TIMEOUT: '6s' });
      const stream = collect(await fetch(`${at.url}/api/chat/stream?q=hi&chunks=1000&delayMs=100`));
      const socket = await WebSocketClient.connect(`${at.url}/ws`);
      const began = Date.now();
      at.program.signal('SIGTERM');
      expect(await socket.closeCode()).toBeOneOf([1001, 1012]); // going away, service restart
      expect(Date.now() - began).toBeLessThan(5_500);
      socket.end();
      expect((await stream).at(-1)).toMatchObject({
        name: 'shutdown',
        data: expect.stringContaining('reason'),
      });
      expect(service.drained).toContain(await at.program.exit);
      expect(Date.now() - began).toBeLessThan(20_000);
    });
  });

  describe.sequential('fails on demand', () => {
    it('FAIL_START: does not start', async () => {
      const { program } = await launch(service, { FAIL_START: '1' });
      expect(await program.exit).toBeOneOf([1, 3]); // gunicorn's master says 3 for a worker that cannot boot
      expect(program.output()).toContain('FAIL_START');
    });

    it('a setting that cannot be read: does not start', async () => {
      const { program } = await launch(service, { LLM_TIMEOUT: 'soon' });
      expect(await program.exit).toBeOneOf([1, 3]);
      expect(program.output()).toContain('LLM_TIMEOUT');
    });

    it('NEVER_READY and FAIL_CHAT: lives, but is of no use', async () => {
      const at = await launchUntil('/health/startup', service, { NEVER_READY: '1', FAIL_CHAT: '1' });
      expect(await status(`${at.url}/health/live`)).toBe(200);
      expect(await status(`${at.url}/health/ready`)).toBe(503);
      for (const path of ['/api/chat', '/api/chat/stream']) {
        expect((await post(at.url + path, { message: 'hi' })).status).toBe(500);
      }
      at.program.signal('SIGTERM');
    });

    it('SLOW_START: lives, and starts later', async () => {
      const at = await launchUntil('/health/live', service, { SLOW_START: '4s' });
      expect(await status(`${at.url}/health/startup`)).toBe(503);
      expect(await status(`${at.url}/health/ready`)).toBe(503);
      await until(async () => (await status(`${at.url}/health/startup`)) === 200, 'the start');
      await until(async () => (await status(`${at.url}/health/ready`)) === 200, 'readiness');
      at.program.signal('SIGTERM');
    });
  });
});

describe.each([go, python, node])('$name', service => {
  it('serves metrics on a port of their own when it is told to', async () => {
    const port = String(await freePort());
    const { url } = await launchUntil('/health/live', service, { METRICS_PORT: port });
    await until(async () => (await status(`http://127.0.0.1:${port}/metrics`)) === 200, 'the metrics');
    expect(await status(`${url}/metrics`)).toBe(404);
  });
});

function reusesConnection(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, response => {
      response.resume().once('end', () => resolve(request.reusedSocket));
    });
    request.once('error', reject);
  });
}

describe('the folders', () => {
  // A folder is a whole build context, so go-postgres holds copies. They are edited in go/ and copied from there.
  const copies = ['chat', 'health', 'lifecycle', 'llm', 'logging', 'metrics', 'web', 'ws'];

  it.each(copies)('go-postgres/internal/%s is the same as in go', name => {
    const [original, copy] = ['go', 'go-postgres'].map(service => {
      const at = join(folder(service), 'internal', name);
      return Object.fromEntries(readdirSync(at).map(file => [file, readFileSync(join(at, file), 'utf8')]));
    });
    expect(copy).toEqual(original);
  });

  it('the Python requirements fit together', async () => {
    await run([join(await pythonEnvironment(), 'pip'), 'check']);
  });
});
