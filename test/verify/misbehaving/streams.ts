import { gzipSync } from 'node:zlib';
import { configuration, event, type Handler, json, plain, stream, text } from '../servers.ts';
import type { Scenario } from './scenario.ts';

const at =
  (handler: Handler, lines: readonly string[] = []) =>
  async () => ({
    url: await plain({ '/api/chat/stream': handler }),
    yaml: configuration(lines),
  });
const expecting = [
  'stream: {kind: sse, paths: [/api/chat/stream], maxDuration: 10s, firstEvent: 5s, heartbeat: 150ms, idle: 400ms}',
];
const tokens = (count: number) => Array.from({ length: count }, (_, i) => event(`{"token":"${i}"}`));

/** For so long what is buffered is held back: much longer than this process may stand still where much is at work. */
const HELD = 1_500;

const probe = 'stream/stream';

export const STREAMS: readonly Scenario[] = [
  {
    name: 'a stream that is buffered',
    start: at(
      (request, response) =>
        void setTimeout(() => stream([[...tokens(8), event('[DONE]')].join('')])(request, response), HELD),
    ),
    probe,
    status: 'fail',
    message: /all 9 events came at once.*buffers/,
    within: 6_000,
  },
  {
    name: 'a stream in heaps',
    start: at(stream([tokens(6).join(''), 800, tokens(6).join(''), 800, event('[DONE]')])),
    probe,
    status: 'fail',
    message: /in 3 heaps/,
    within: 6_000,
  },
  {
    name: 'a stream that is compressed as a whole',
    start: at(
      (request, response) =>
        void setTimeout(
          () =>
            text(gzipSync([...tokens(8), event('[DONE]')].join('')), 200, {
              'content-type': 'text/event-stream',
              'content-encoding': 'gzip',
            })(request, response),
          HELD,
        ),
    ),
    probe,
    status: 'fail',
    message: /at once/,
    within: 6_000,
  },
  {
    name: 'a stream without end',
    start: at(
      stream([...tokens(3), 100, ...tokens(3)], 'open'),
      expecting.map(line => line.replace('150ms', '5s').replace('400ms', '9s')),
    ),
    probe,
    status: 'fail',
    message: /still flowed after \d/,
    within: 4_000,
  },
  {
    name: 'a stream with a gap',
    start: at(stream([event('a'), 700, event('b'), event('[DONE]')]), expecting),
    probe,
    status: 'fail',
    message: /silent for (?:[5-9]\d\d ms|\d+\.\d s).*stream\.idle/,
  },
  {
    name: 'a stream without heartbeats',
    start: at(
      stream([event('a'), 350, event('b'), event('[DONE]')]),
      expecting.map(line => line.replace('idle: 400ms', 'idle: 5s')),
    ),
    probe,
    status: 'fail',
    message: /stream\.heartbeat/,
  },
  {
    name: 'a late first event',
    start: at(
      stream([500, event('a'), event('b'), event('[DONE]')]),
      expecting.map(line => line.replace('5s', '200ms').replace('150ms', '1s').replace('400ms', '5s')),
    ),
    probe,
    status: 'fail',
    message: /stream\.firstEvent/,
  },
  {
    name: 'a stream of another type',
    start: at(
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply":"hi"}'),
    ),
    probe,
    status: 'fail',
    message: /has application\/json/,
  },
  {
    name: 'a stream that is cut',
    start: at(stream([...tokens(3), 50], 'destroy')),
    probe,
    status: 'fail',
    message: /after 3 events.*lost its connection in the middle/,
  },
  {
    name: 'a stream that ends before its end',
    start: at(stream(tokens(3))),
    probe,
    status: 'fail',
    message: /"\[DONE\]" as the last event/,
  },
  {
    name: 'a stream that ends in an event',
    start: at(stream([...tokens(3), 'data: [DO'])),
    probe,
    status: 'fail',
    message: /in the middle of an event/,
  },
  {
    name: 'a stream with an error',
    start: at(stream([...tokens(2), 'event: error\ndata: {"error":"llm"}\n\n'])),
    probe,
    status: 'fail',
    message: /event: error/,
  },
  {
    name: 'too few events',
    start: at(stream([event('[DONE]')])),
    probe,
    status: 'fail',
    message: /2 events or more/,
  },
  {
    name: 'an endless line',
    start: at((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: ');
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    }),
    probe,
    status: 'fail',
    message: /more than can be one/,
  },
  {
    name: 'a stream that is not there',
    start: at(json({ error: 'not found' }, 404)),
    probe,
    status: 'fail',
    message: /status 404/,
  },
  {
    name: 'a stream for which there is no room',
    start: at(json({ error: 'too many streams' }, 503, { 'retry-after': '9' })),
    probe,
    status: 'inconclusive',
    message: /busy/,
  },
  {
    name: 'nothing at all of a stream',
    start: at(stream([], 'open')),
    probe,
    status: 'fail',
    message: /2 events or more|timed out|still flowed/,
    within: 4_000,
  },
  {
    name: 'nobody notices a client that leaves',
    start: async () => ({
      url: await plain({
        '/metrics': text('ai_stream_disconnects_total 3\n'),
        '/api/chat/stream': stream([event('a'), 2_000, event('b'), event('[DONE]')]),
      }),
      yaml: configuration(
        ['stream: {kind: sse, paths: [/api/chat/stream]}'],
        ['observability: {metrics: {family: {active: ai_stream_disconnects_total}}}'],
      ),
    }),
    probe: 'stream-leave/api',
    status: 'fail',
    message: /stayed 3/,
    within: 10_000,
  },
  {
    name: 'nobody could notice a client that leaves a stream so short',
    start: async () => ({
      url: await plain({
        '/metrics': text('ai_stream_disconnects_total 3\n'),
        '/api/chat/stream': stream([event('a'), 50, event('b'), event('[DONE]')]),
      }),
      yaml: configuration(
        ['stream: {kind: sse, paths: [/api/chat/stream]}'],
        ['observability: {metrics: {family: {active: ai_stream_disconnects_total}}}'],
      ),
    }),
    probe: 'stream-leave/api',
    status: 'skip',
    message: /over within 1000 ms/,
    within: 7_000,
  },
];
