// The contract that every HTTP service keeps, whatever it is written in; and the worker and the job beside them.
// The provider is the fake one; everything stays on the loopback interface.

import { readdirSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, metric, type ServerEvent, WebSocketClient } from './clients.ts';
import {
  buildGo,
  cleanUp,
  type Exit,
  folder,
  freePort,
  installNode,
  type Program,
  pythonEnvironment,
  run,
  start,
  temporaryFolder,
  until,
} from './programs.ts';

const version = { version: '1.2.3', commit: 'abc1234', buildTime: '2026-01-02T03:04:05Z' };
const common = {
  HOST: '127.0.0.1',
  SHUTDOWN_TIMEOUT: '2s',
  HEARTBEAT: '200ms',
  APP_VERSION: version.version,
  APP_COMMIT: version.commit,
  APP_BUILD_TIME: version.buildTime,
};

interface Launch {
  command: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** The command that asks the running program whether it lives, where it has one. */
  health?: string[];
}

interface Service {
  name: string;
  launch(port: number): Promise<Launch>;
  /** How a drained program may end. */
  drained: Exit[];
  ownMetricsPort?: boolean;
}

const services: Service[] = [
  {
    name: 'Go',
    async launch() {
      const server = join(await goBinaries(), 'server');
      return { command: [server], health: [server, 'health'] };
    },
    drained: [0],
    ownMetricsPort: true,
  },
  {
    name: 'Python under uvicorn',
    async launch(port) {
      const uvicorn = join(await pythonEnvironment(), 'uvicorn');
      const bind = ['--host', '127.0.0.1', '--port', String(port)];
      return {
        command: [uvicorn, 'app.main:app', ...bind, '--timeout-keep-alive', '90'],
        cwd: folder('python'),
      };
    },
    // uvicorn raises the signal once more when it has drained. As a container's first process it exits with 0.
    drained: [0, 'SIGTERM'],
  },
  {
    name: 'Python under gunicorn',
    async launch(port) {
      const gunicorn = join(await pythonEnvironment(), 'gunicorn');
      const worker = [
        '--worker-class',
        'uvicorn.workers.UvicornWorker',
        '--workers',
        '2',
        '--keep-alive',
        '90',
      ];
      return {
        command: [
          gunicorn,
          'app.main:app',
          ...worker,
          '--bind',
          `127.0.0.1:${port}`,
          '--graceful-timeout',
          '30',
        ],
        cwd: folder('python'),
        env: { PROMETHEUS_MULTIPROC_DIR: await temporaryFolder('aideploy-metrics-') },
      };
    },
    drained: [0],
  },
  {
    name: 'Python by itself',
    async launch() {
      return { command: [join(await pythonEnvironment(), 'python'), '-m', 'app'], cwd: folder('python') };
    },
    drained: [0],
  },
  {
    name: 'Node',
    async launch() {
      const server = [process.execPath, 'src/server.js'];
      return { command: server, cwd: await nodeFolder(), health: [...server, 'health'] };
    },
    drained: [0],
  },
];

// Built once for the whole file, by whichever test comes first.
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const goBinaries = once(() => buildGo('go', version.version));
const fakeLlm = once(() => buildGo('fake-llm'));
const nodeFolder = once(installNode);

interface Running {
  url: string;
  metrics: string;
  program: Program;
  /** Runs the program's own health command against it. */
  selfCheck?: () => Promise<Exit>;
}

async function launch(service: Service, env: Record<string, string> = {}): Promise<Running> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const launched = await service.launch(port);
  const ports = {
    PORT: String(port),
    ...(service.ownMetricsPort ? { METRICS_PORT: String(metricsPort) } : {}),
  };
  const options = { ...launched, env: { ...common, ...ports, ...launched.env, ...env } };
  const program = start(launched.command, options);
  const { health } = launched;
  return {
    url: `http://127.0.0.1:${port}`,
    metrics: `http://127.0.0.1:${service.ownMetricsPort ? metricsPort : port}/metrics`,
    program,
    ...(health ? { selfCheck: () => start(health, options).exit } : {}),
  };
}

async function launchUntil(path: string, service: Service, env?: Record<string, string>): Promise<Running> {
  const running = await launch(service, env);
  let ended = false;
  running.program.exit.then(() => (ended = true));
  await until(async () => {
    if (ended) throw new Error(`${service.name} ended:\n${running.program.output()}`);
    return (await status(running.url + path)) === 200;
  }, `${service.name} to answer ${path}`);
  return running;
}

/** 0 when nobody answers. */
const status = (url: string): Promise<number> =>
  fetch(url).then(
    response => response.status,
    () => 0,
  );

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

function reusesConnection(url: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, response => {
      response.resume().once('end', () => resolve(request.reusedSocket));
    });
    request.once('error', reject);
  });
}

async function collect(response: Response): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

const tokens = (events: ServerEvent[]): string =>
  events.map(event => (event.data?.startsWith('{"token"') ? JSON.parse(event.data).token : '')).join('');

beforeAll(() => Promise.all([goBinaries(), fakeLlm(), pythonEnvironment(), nodeFolder()]), 600_000);
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
      const response = await post(`${at.url}/api/chat/stream`, { message: 'hi', chunks: 4, delayMs: 150 });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const events = (await collect(response)).filter(event => event.data);
      expect(tokens(events)).toBe('Echo: hi Echo: hi ');
      expect(events.at(-1)?.data).toBe('[DONE]');
      const gaps = events.slice(1, 4).map((event, i) => event.at - (events[i]?.at ?? 0));
      for (const gap of gaps) expect(gap).toBeGreaterThan(75);
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
      const then = await made();
      await sleep(200);
      expect(await made()).toBe(then);
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

    it.runIf(process.env['AIDEPLOY_DEEP'])(
      'streams past a minute, and keeps an idle connection longer than a proxy does',
      async () => {
        const stream = fetch(`${at.url}/api/chat/stream?q=hi&chunks=14&delayMs=5000`).then(collect);
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        expect(await reusesConnection(`${at.url}/version`, agent)).toBe(false);
        await sleep(76_000);
        expect(await reusesConnection(`${at.url}/version`, agent)).toBe(true);
        agent.destroy();
        expect((await stream).at(-1)?.data).toBe('[DONE]');
      },
      120_000,
    );

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
        DRAIN_DELAY: '700ms',
        SHUTDOWN_TIMEOUT: '10s',
      });
      const stream = collect(await fetch(`${at.url}/api/chat/stream?q=hi&chunks=20&delayMs=100`));
      const signalled = Date.now();
      at.program.signal('SIGTERM');
      await until(async () => (await status(`${at.url}/health/ready`)) === 503, 'unreadiness', 900);
      expect(await status(`${at.url}/health/live`)).toBe(200);
      expect((await post(`${at.url}/api/chat`, { message: 'late' })).status).toBe(200);

      expect((await stream).at(-1)?.data).toBe('[DONE]');
      expect(Date.now() - signalled).toBeGreaterThan(1000); // it outlived the delay
      const ended = Date.now();
      expect(service.drained).toContain(await at.program.exit);
      expect(Date.now() - ended).toBeLessThan(4000); // the connection that is kept alive does not hold it up
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
      const at = await launchUntil('/health/ready', service, { SHUTDOWN_TIMEOUT: '2s' });
      const stream = collect(await fetch(`${at.url}/api/chat/stream?q=hi&chunks=1000&delayMs=100`));
      const socket = await WebSocketClient.connect(`${at.url}/ws`);
      const began = Date.now();
      at.program.signal('SIGTERM');
      expect(await socket.closeCode()).toBeOneOf([1001, 1012]); // going away, service restart
      expect(Date.now() - began).toBeLessThan(1800);
      socket.end();
      expect((await stream).at(-1)).toMatchObject({
        name: 'shutdown',
        data: expect.stringContaining('reason'),
      });
      expect(service.drained).toContain(await at.program.exit);
      expect(Date.now() - began).toBeLessThan(6000);
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
      const at = await launchUntil('/health/live', service, { SLOW_START: '1500ms' });
      expect(await status(`${at.url}/health/startup`)).toBe(503);
      expect(await status(`${at.url}/health/ready`)).toBe(503);
      await until(async () => (await status(`${at.url}/health/startup`)) === 200, 'the start');
      await until(async () => (await status(`${at.url}/health/ready`)) === 200, 'readiness');
      at.program.signal('SIGTERM');
    });
  });
});

const [go, python, , , node] = services as [Service, Service, Service, Service, Service];

describe.each([go, python, node])('$name with a provider', service => {
  let at: Running;
  let llm: string;
  const behave = (behaviour: object) => post(`${llm}/admin/behaviour`, behaviour);
  const calls = async () => (await (await fetch(`${llm}/admin/calls`)).json()) as { aborted: number };

  beforeAll(async () => {
    const port = String(await freePort());
    llm = `http://127.0.0.1:${port}`;
    start([join(await fakeLlm(), 'fake-llm')], { env: { HOST: '127.0.0.1', PORT: port, API_KEY: 'key-1' } });
    const timeouts = { LLM_TIMEOUT: '800ms', STREAM_IDLE_TIMEOUT: '800ms' };
    const provider = { LLM_BASE_URL: llm, LLM_MODEL: 'model-1', LLM_API_KEY: 'key-1' };
    await until(async () => (await status(`${llm}/health/live`)) === 200, 'the provider');
    at = await launchUntil('/health/deep', service, { ...timeouts, ...provider });
  });

  it('asks it, whole and streamed', async () => {
    await post(`${llm}/admin/reset`, '');
    const whole = await post(`${at.url}/api/chat`, { message: 'hello there' });
    expect(await whole.json()).toMatchObject({
      reply: 'Echo: hello there',
      model: 'model-1',
      usage: { input_tokens: 2, output_tokens: 3 },
    });
    const events = await collect(
      await post(`${at.url}/api/chat/stream`, { message: 'hi', chunks: 3, delayMs: 5 }),
    );
    expect(tokens(events)).toBe('Echo: hi Echo: ');
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(await calls()).toMatchObject({ total: 2, streamed: 1, failed: 0 });
  });

  it.each([
    ['fails', { failRate: 1, status: 429 }, 502, 'llm'],
    ['is slow', { latencyMs: 5000 }, 504, 'timeout'],
    ['never answers', { hangAfter: 0 }, 504, 'timeout'],
  ])('says so when it %s', async (_, behaviour, expected, type) => {
    await post(`${llm}/admin/reset`, '');
    await behave(behaviour);
    expect((await post(`${at.url}/api/chat`, { message: 'hi' })).status).toBe(expected);
    const events = await collect(await post(`${at.url}/api/chat/stream`, { message: 'hi' }));
    expect(events.at(-1)?.name).toBe('error');
    expect(JSON.parse(events.at(-1)?.data ?? '{}')).toEqual({ error: type });
    expect(await metric(at.metrics, 'ai_errors_total', { type })).toBeGreaterThanOrEqual(2);
  });

  it('keeps what came before it fell silent', async () => {
    await post(`${llm}/admin/reset`, '');
    await behave({ hangAfter: 2 });
    const events = await collect(await post(`${at.url}/api/chat/stream`, { message: 'one two three' }));
    expect(tokens(events)).toBe('Echo: one ');
    expect(events.at(-1)?.name).toBe('error');
  });

  it('spares it the work for a client that left', async () => {
    await post(`${llm}/admin/reset`, '');
    const response = await fetch(`${at.url}/api/chat/stream?q=hi&chunks=1000&delayMs=50`);
    for await (const event of eventsOf(response)) if (event.data) break;
    await until(async () => (await calls()).aborted === 1, 'the call to be given up');
  });

  it('finds it missing in /health/deep, and nowhere else', async () => {
    const lost = await launchUntil('/health/ready', service, {
      LLM_BASE_URL: `http://127.0.0.1:${await freePort()}`,
    });
    const response = await fetch(`${lost.url}/health/deep`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'unhealthy',
      checks: { llm: { status: 'unhealthy' } },
    });
    lost.program.signal('SIGTERM');
  });
});

describe.each([go, python, node])('$name', service => {
  it('serves metrics on a port of their own when it is told to', async () => {
    const port = String(await freePort());
    const { url } = await launchUntil('/health/live', service, { METRICS_PORT: port });
    expect(await status(`http://127.0.0.1:${port}/metrics`)).toBe(200);
    expect(await status(`${url}/metrics`)).toBe(404);
  });
});

describe.each([
  { name: 'Go', program: async (name: string) => ({ command: [join(await goBinaries(), name)] }) },
  {
    name: 'Python',
    program: async (name: string) => ({
      command: [join(await pythonEnvironment(), 'python'), '-m', `app.${name}`],
      cwd: folder('python'),
    }),
  },
])('$name without a port', ({ program }) => {
  async function startProgram(name: string, env: Record<string, string>): Promise<Program> {
    const { command, ...options } = await program(name);
    return start(command, { ...options, env });
  }
  const says = (worker: Program, msg: string) => worker.logs().filter(line => line['msg'] === msg);

  it('worker: empties a queue, and finishes its item on SIGTERM', async () => {
    const queue = await temporaryFolder('aideploy-queue-');
    for (const item of ['a', 'b', 'c']) await writeFile(join(queue, `${item}.json`), '{}');
    const worker = await startProgram('worker', {
      QUEUE_DIR: queue,
      ITEM_DURATION: '300ms',
      POLL_INTERVAL: '50ms',
    });
    await until(() => says(worker, 'item processed').length === 1, 'the first item');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(says(worker, 'item processed').map(line => line['item'])).toEqual(['a.json', 'b.json']);
    expect(says(worker, 'shutdown complete')).toHaveLength(1);
    expect(await readdir(queue)).toEqual(['c.json']);
  });

  it('worker: returns an item that it cannot finish in time', async () => {
    const queue = await temporaryFolder('aideploy-queue-');
    await writeFile(join(queue, 'long.json'), '{}');
    const worker = await startProgram('worker', {
      QUEUE_DIR: queue,
      ITEM_DURATION: '60s',
      SHUTDOWN_TIMEOUT: '200ms',
    });
    await until(async () => (await readdir(queue)).includes('long.json.claimed'), 'the claim');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(await readdir(queue)).toEqual(['long.json']);
  });

  it('worker: makes its own work without a queue', async () => {
    const worker = await startProgram('worker', { ITEM_DURATION: '20ms', POLL_INTERVAL: '20ms' });
    await until(() => says(worker, 'item processed').length >= 2, 'two items');
    worker.signal('SIGTERM');
    expect(await worker.exit).toBe(0);
  });

  it.each([
    ['is done', {}, 0, 'job complete'],
    ['is told to fail', { FAIL_START: '1' }, 1, 'job failed'],
    ['has no model', { LLM_BASE_URL: 'http://127.0.0.1:9' }, 1, 'job failed'],
  ])('job: exits by whether it %s', async (_, env, expected, line) => {
    const job = await startProgram('job', env);
    expect(await job.exit).toBe(expected);
    expect(says(job, line)).toHaveLength(1);
  });

  it('job: fails when it is interrupted', async () => {
    const job = await startProgram('job', { ITEM_DURATION: '60s' });
    await until(() => says(job, 'job started').length === 1, 'its start');
    job.signal('SIGTERM');
    expect(await job.exit).toBe(1);
  });
});

describe('the fake provider', () => {
  let llm: string;
  const ask = (path: string, body: object, key = 'key-1') =>
    post(llm + path, { messages: [{ content: 'hello there' }], ...body }, { 'X-Api-Key': key });

  beforeAll(async () => {
    const port = String(await freePort());
    llm = `http://127.0.0.1:${port}`;
    const env = { HOST: '127.0.0.1', PORT: port, API_KEY: 'key-1', CHUNKS: '2', CHUNK_DELAY_MS: '0' };
    start([join(await fakeLlm(), 'fake-llm')], { env });
    await until(async () => (await status(`${llm}/health/ready`)) === 200, 'the provider');
  });

  it("speaks Anthropic's dialect", async () => {
    const whole = await (await ask('/v1/messages', { model: 'model-1' })).json();
    expect(whole).toMatchObject({ content: [{ text: 'Echo: hello there' }], usage: { input_tokens: 2 } });
    const events = await collect(await ask('/v1/messages', { stream: true }));
    expect(events.map(event => event.name)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('refuses a wrong key, a body without messages, and a behaviour that it does not know', async () => {
    expect((await ask('/v1/chat/completions', {}, 'wrong')).status).toBe(401);
    expect((await ask('/v1/chat/completions', { messages: [] })).status).toBe(400);
    for (const behaviour of [{ failRate: 2 }, { status: 200 }, { latency: 5 }]) {
      expect((await post(`${llm}/admin/behaviour`, behaviour)).status).toBe(400);
    }
  });

  it('spreads failures evenly', async () => {
    await post(`${llm}/admin/behaviour`, { failRate: 0.5, status: 503 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask('/v1/chat/completions', {})).status);
    expect(statuses).toEqual([200, 503, 200, 503]);
  });
});

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
