// The services with a model's provider behind them: the fake one, which misbehaves on demand.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, eventsOf, metric, post, status, tokens } from './clients.ts';
import { fakeLlm, go, goBinaries, launchUntil, node, nodeFolder, python, type Running } from './launch.ts';
import { freePort } from './ports.ts';
import { cleanUp, pythonEnvironment, start, until } from './programs.ts';

beforeAll(() => Promise.all([fakeLlm(), goBinaries(), pythonEnvironment(), nodeFolder()]), 600_000);
afterAll(cleanUp);

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
    // The last byte may arrive before the error is counted.
    await until(async () => (await metric(at.metrics, 'ai_errors_total', { type })) >= 2, 'both errors');
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
