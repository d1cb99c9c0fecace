import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, run } from '../exec/run.ts';

/** Something that was looked at, and what was seen. */
export interface Observation {
  readonly what: string;
  readonly saw: string;
  readonly ok: boolean;
}

const START_DEADLINE = 5_000;

/** Starts the sample on a free port, talks to it, and stops it while a stream is open. */
export async function watchSample(folder: string): Promise<Observation[]> {
  const port = await freePort();
  const stop = new AbortController();
  const ended = run(
    {
      program: process.execPath,
      args: ['src/server.js'],
      cwd: folder,
      env: { PORT: String(port), APP_VERSION: '1.0.0' },
    },
    { signal: stop.signal, timeout: 30_000 },
  );
  const base = `http://127.0.0.1:${port}`;
  try {
    await untilReady(base, ended);
    const observations = [
      await observe('it is alive and ready', async () => [
        (await fetch(`${base}/health/ready`)).ok,
        'GET /health/ready',
      ]),
      await observe('it answers', () => chat(base)),
      await observe('a stream arrives piece by piece', async () => readStream(base, 'one two three')),
    ];
    const open = observe('a stop lets an open stream finish', async () =>
      readStream(base, 'still here until the end'),
    );
    await sleep(150);
    stop.abort();
    return [...observations, await open, await observe('it ends by itself, in time', () => stopped(ended))];
  } finally {
    stop.abort();
    await ended;
  }
}

async function observe(what: string, look: () => Promise<[boolean, string]>): Promise<Observation> {
  try {
    const [ok, saw] = await look();
    return { what, saw, ok };
  } catch (error) {
    return { what, saw: (error as Error).message, ok: false };
  }
}

async function chat(base: string): Promise<[boolean, string]> {
  const response = await fetch(`${base}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ message: 'Hello' }),
  });
  const { reply } = (await response.json()) as { reply?: string };
  return [response.ok && reply !== undefined, `POST /api/chat: ${reply}`];
}

/** Counts events, and whether they came one by one rather than at once at the end. */
async function readStream(base: string, words: string): Promise<[boolean, string]> {
  const started = performance.now();
  const response = await fetch(`${base}/api/chat/stream?q=${encodeURIComponent(words)}`);
  const arrivals: number[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    arrivals.push(performance.now() - started);
  }
  const events = text.split('data: ').length - 1;
  const whole = text.endsWith('data: [DONE]\n\n');
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  return [
    whole && last - first > 100,
    `${events} events, the first after ${Math.round(first)} ms, the last after ${Math.round(last)} ms`,
  ];
}

async function stopped(ended: Promise<Outcome>): Promise<[boolean, string]> {
  const started = performance.now();
  const { exitCode } = await ended;
  return [
    exitCode === 0,
    `exit code ${exitCode ?? 'none'} ${Math.round(performance.now() - started)} ms later`,
  ];
}

async function untilReady(base: string, ended: Promise<Outcome>): Promise<void> {
  let gone: Outcome | undefined;
  void ended.then(outcome => {
    gone = outcome;
  });
  const deadline = performance.now() + START_DEADLINE;
  while (performance.now() < deadline) {
    if (gone) throw new Error(`the sample ended before it was ready: ${gone.stderr.trim() || gone.message}`);
    const answer = await fetch(`${base}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error('the sample was not ready in time');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
