/** Events that came in heaps while nobody could look are no proof of a proxy that buffers. */
import { expect, it, test } from 'vitest';
import type { Opened } from '../../src/verify/http/exchange.ts';
import { judgeStream } from '../../src/verify/stream/judge.ts';
import { readStream, type Seen } from '../../src/verify/stream/read.ts';

const DEMANDS = {
  expectation: { firstEvent: 10_000, idle: 60_000, heartbeat: 15_000 },
  minEvents: 1,
  end: undefined,
  text: undefined,
  mustLast: 0,
  mustEnd: true,
};

/** Five events that came at once after 0.7 s. */
const HEAP: Seen = {
  arrivals: [690, 690, 691, 691, 692],
  events: 5,
  heartbeats: 0,
  bursts: 1,
  stoodStill: 3,
  first: 690,
  largestGap: 10,
  duration: 700,
  end: 'clean',
  trouble: undefined,
  lastData: '[DONE]',
  complaint: undefined,
  unfinished: false,
  text: '',
};

test.each<[what: string, seen: Partial<Seen>, status: string, says: RegExp]>([
  ['a proxy held them back', {}, 'fail', /all 5 events came at once after 690 ms/],
  ['nobody looked', { stoodStill: 600 }, 'inconclusive', /stood still for 600 ms of 700 ms/],
  ['nobody looked for a moment', { stoodStill: 100 }, 'fail', /came at once/],
  ['it was cut, whoever looked', { stoodStill: 600, end: 'cut' }, 'fail', /was cut/],
  ['they came one by one, while nobody looked', { stoodStill: 600, bursts: 5 }, 'pass', /5 events/],
])('%s', (_, seen, status, says) => {
  expect(judgeStream('GET /chat', { ...HEAP, ...seen }, DEMANDS)).toMatchObject({
    status,
    message: expect.stringMatching(says),
  });
});

it('knows for how long it stood still', async () => {
  async function* body() {
    yield Buffer.from('data: 1\n\n');
    const until = performance.now() + 300;
    while (performance.now() < until);
    yield Buffer.from('data: 2\n\n');
  }
  const opened = { body: body(), startedAt: performance.now(), close: () => undefined } as unknown as Opened;
  const { stoodStill, events } = await readStream(opened, { hold: 5_000 });
  expect(events).toBe(2);
  expect(stoodStill).toBeGreaterThan(200);
});
