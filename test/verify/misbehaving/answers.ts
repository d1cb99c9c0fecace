import { gzipSync } from 'node:zlib';
import { configuration, type Handler, html, json, METRICS, plain, text } from '../servers.ts';
import type { Scenario } from './scenario.ts';

const at = (path: string, handler: Handler) => async () => ({
  url: await plain({ [path]: handler }),
  yaml: configuration(),
});

/** Says yes so many times, then no. */
function turns(...handlers: readonly Handler[]): Handler {
  let turn = 0;
  return (request, response) => handlers[turn++ % handlers.length]?.(request, response);
}

export const ANSWERS: readonly Scenario[] = [
  {
    name: 'a 200 that says unhealthy',
    start: at('/health/live', json({ status: 'unhealthy' })),
    probe: 'live/api',
    status: 'fail',
    message: /200, but says it is not well: status is "unhealthy"/,
  },
  {
    name: 'a 200 with a check that is down',
    start: at('/health/ready', json({ status: 'ready', checks: { db: { status: 'down' } } })),
    probe: 'ready/api',
    status: 'fail',
    message: /checks\.db\.status is "down"/,
  },
  {
    name: 'a 200 with a section that is not ready',
    start: at('/health/ready', json({ status: 'ok', readiness: { status: 'not ready', checks: [] } })),
    probe: 'ready/api',
    status: 'fail',
    message: /readiness\.status is "not ready"/,
  },
  {
    name: 'a 200 with a list of checks, one unhealthy',
    start: at(
      '/health/deep',
      json({
        status: 'ok',
        readiness: { status: 'ready', checks: [{ name: 'anthropic_api', healthy: false, latency: '150ms' }] },
      }),
    ),
    probe: 'deep/api',
    status: 'fail',
    message: /anthropic_api.*false/,
  },
  {
    name: 'a 200 that says false',
    start: at('/health/ready', json({ healthy: false })),
    probe: 'ready/api',
    status: 'fail',
    message: /healthy is false/,
  },
  {
    name: 'a 200 with an error',
    start: at('/health/ready', json({ error: 'database is gone' })),
    probe: 'ready/api',
    status: 'fail',
    message: /database is gone/,
  },
  {
    name: 'a text that says no',
    start: at('/health/live', text('NOT OK\n')),
    probe: 'live/api',
    status: 'fail',
    message: /"NOT OK"/,
  },
  {
    name: 'a 200 while it starts',
    start: at('/health/startup', json({ status: 'starting' })),
    probe: 'startup/api',
    status: 'fail',
    message: /not there yet.*"starting"/,
  },
  {
    name: 'a 200 while it drains',
    start: at('/health/ready', json({ status: 'draining' })),
    probe: 'ready/api',
    status: 'fail',
    message: /"draining"/,
  },
  {
    name: 'an error page with 200',
    start: at('/health/ready', html('<html><title>502 Bad Gateway</title></html>')),
    probe: 'ready/api',
    status: 'fail',
    message: /HTML page titled "502 Bad Gateway"/,
  },
  {
    name: 'a page in place of health',
    start: at('/health/live', html('<!doctype html><div id="app"></div>')),
    probe: 'live/api',
    status: 'fail',
    message: /an HTML page/,
  },
  {
    name: 'JSON that is cut',
    start: at('/health/ready', text('{"status": "rea', 200, { 'content-type': 'application/json' })),
    probe: 'ready/api',
    status: 'fail',
    message: /JSON that is not valid/,
  },
  {
    name: 'degraded dependencies',
    start: at('/health/deep', json({ status: 'degraded', checks: { cache: 'degraded' } })),
    probe: 'deep/api',
    status: 'inconclusive',
    message: /degraded/,
  },
  {
    name: 'health behind a password',
    start: at('/health/ready', json({ error: 'no' }, 401)),
    probe: 'ready/api',
    status: 'fail',
    message: /401.*token/,
  },
  {
    name: 'no health at its path',
    start: at('/health/live', json({}, 404)),
    probe: 'live/api',
    status: 'fail',
    message: /404.*check the path/,
  },
  {
    name: 'a 503 without a word',
    start: at('/health/ready', text('', 503)),
    probe: 'ready/api',
    status: 'fail',
    message: /503: an empty body/,
  },
  {
    name: 'a 502 with Retry-After, as proxies send it',
    start: at('/health/ready', json({ error: 'the service cannot be reached' }, 502, { 'retry-after': '1' })),
    probe: 'ready/api',
    status: 'fail',
    message: /502.*check that it runs/,
  },
  {
    name: 'a redirect of health',
    start: at('/health/ready', text('', 302, { location: 'https://login.example.com/' })),
    probe: 'ready/api',
    status: 'fail',
    message: /302 to https:\/\/login/,
  },
  {
    name: 'readiness that flaps',
    start: at(
      '/health/ready',
      turns(json({ status: 'ready' }), json({ status: 'ready' }), json({ status: 'not ready' }, 503)),
    ),
    probe: 'ready/api',
    status: 'fail',
    message: /said yes 2 times and then no/,
  },
  {
    name: 'a busy service',
    start: async () => ({
      url: await plain({
        '/health/ready': json({ error: 'too many requests' }, 429, { 'retry-after': '9' }),
      }),
      yaml: configuration(),
    }),
    probe: 'ready/api',
    status: 'inconclusive',
    message: /429: busy, ask again in 9 s/,
  },
  {
    name: 'a full queue',
    start: at('/health/ready', json({ error: 'queue is full' }, 503, { 'retry-after': '9' })),
    probe: 'ready/api',
    status: 'inconclusive',
    message: /busy/,
  },
  {
    name: 'a load that is mostly refused',
    start: at('/health/ready', turns(json({ status: 'ready' }), json({}, 429), json({}, 429), json({}, 429))),
    probe: 'latency/api',
    status: 'inconclusive',
    message: /answered busy/,
  },
  {
    name: 'errors among answers',
    start: at('/health/ready', turns(json({ status: 'ready' }), json({ status: 'ready' }), json({}, 500))),
    probe: 'latency/api',
    status: 'fail',
    message: /errors, the first: status 500/,
  },
  {
    name: 'slow answers',
    start: async () => ({
      url: await plain({
        '/health/ready': (request, response) =>
          setTimeout(() => json({ status: 'ready' })(request, response), 120),
      }),
      yaml: configuration([], ['observability: {objectives: {latencyP95: 50ms}}']),
    }),
    probe: 'latency/api',
    status: 'fail',
    message: /p95 of at most 50 ms/,
  },
  {
    name: 'too few samples',
    start: async () => ({ url: await plain({}), yaml: configuration(), flags: { samples: 5 } }),
    probe: 'latency/api',
    status: 'inconclusive',
    message: /5 answers.*--samples/,
  },
  {
    name: 'two versions behind one address',
    start: async () => ({
      url: await plain({
        '/version': turns(json({ version: '1.2.3' }), json({ version: '1.2.3' }), json({ version: '1.2.2' })),
      }),
      yaml: configuration(),
      flags: { expectVersion: 'v1.2.3' },
    }),
    probe: 'version/api',
    status: 'fail',
    message: /1\.2\.3 14x, 1\.2\.2 6x.*another release/,
  },
  {
    name: 'an old version only',
    start: async () => ({ url: await plain({}), yaml: configuration(), flags: { expectVersion: '1.3.0' } }),
    probe: 'version/api',
    status: 'fail',
    message: /1\.2\.3 20x; expected version 1\.3\.0.*old release/,
  },
  {
    name: 'two versions that nobody expected',
    start: at('/version', turns(json({ version: 'a1b2c3d' }), json({ version: 'a1b2c3e' }))),
    probe: 'version/api',
    status: 'fail',
    message: /one version 20 times/,
  },
  {
    name: 'a version that nothing names',
    start: async () => ({
      url: await plain({ '/version': json({}, 404), '/health/ready': json({ status: 'ready' }) }),
      yaml: configuration(),
      flags: { expectVersion: '1.2.3' },
    }),
    probe: 'version/api',
    status: 'inconclusive',
    message: /no version in GET \/version/,
  },
  {
    name: 'a smoke with another answer',
    start: at('POST /api/chat', json({ error: 'model is gone' })),
    probe: 'smoke/chat',
    status: 'fail',
    message: /something at \$\.reply/,
  },
  {
    name: 'a smoke with no JSON',
    start: at('POST /api/chat', html('<h1>Sorry</h1>')),
    probe: 'smoke/chat',
    status: 'fail',
    message: /no valid JSON/,
  },
  {
    name: 'a smoke with a status',
    start: at('POST /api/chat', json({ error: 'boom' }, 500)),
    probe: 'smoke/chat',
    status: 'fail',
    message: /status 500: .*boom/,
  },
  {
    name: 'a huge body',
    start: at('/health/ready', text('x'.repeat(3 * 2 ** 20))),
    probe: 'ready/api',
    status: 'fail',
    message: /more than 1048576 bytes/,
  },
  {
    name: 'a gzip bomb',
    start: at(
      '/health/ready',
      text(gzipSync(Buffer.alloc(256 * 2 ** 20)), 200, {
        'content-encoding': 'gzip',
        'content-type': 'application/json',
      }),
    ),
    probe: 'ready/api',
    status: 'fail',
    message: /more than 1048576 bytes/,
  },
  {
    name: 'gzip that is none',
    start: at('/health/ready', text('{"status":"ready"}', 200, { 'content-encoding': 'gzip' })),
    probe: 'ready/api',
    status: 'fail',
    message: /cannot be decompressed/,
  },
  {
    name: 'metrics that are no metrics',
    start: at('/metrics', html('<html></html>')),
    probe: 'metrics/api',
    status: 'fail',
    message: /Content-Type text\/html/,
  },
  {
    name: 'metrics with a broken line',
    start: at('/metrics', text(`${METRICS(1)}ai_broken{a=1} 2\n`)),
    probe: 'metrics/api',
    status: 'fail',
    message: /line 11: no sample/,
  },
  {
    name: 'metrics that are cut',
    start: at('/metrics', text(METRICS(1).slice(0, -8))),
    probe: 'metrics/api',
    status: 'fail',
    message: /cut off|lacks|no sample/,
  },
  {
    name: 'metrics twice',
    start: at('/metrics', text(`${METRICS(1)}ai_active_requests 1\n`)),
    probe: 'metrics/api',
    status: 'fail',
    message: /the same series again/,
  },
  {
    name: 'metrics without a family',
    start: at('/metrics', text('up 1\n')),
    probe: 'metrics/api',
    status: 'fail',
    message: /lacks ai_requests_total/,
  },
  {
    name: 'metrics that stand still',
    start: at('/metrics', text(METRICS(7))),
    probe: 'metrics/api',
    status: 'fail',
    message: /it was 7 before and 7 after/,
  },
  {
    name: 'empty metrics',
    start: at('/metrics', text('')),
    probe: 'metrics/api',
    status: 'fail',
    message: /no series/,
  },
  {
    name: 'another request’s id',
    start: async () => ({
      url: await plain({ '/health/ready': json({ status: 'ready' }, 200, { 'x-request-id': 'fixed' }) }),
      yaml: configuration(),
    }),
    probe: 'request-id/api',
    status: 'fail',
    message: /fixed/,
  },
  {
    name: 'CORS for everybody',
    start: async () => ({
      url: await plain({
        'OPTIONS /api/chat': (request, response) =>
          text('', 204, { 'access-control-allow-origin': request.headers.origin ?? '' })(request, response),
      }),
      yaml: configuration(['cors: [https://chat.example.com]']),
    }),
    probe: 'cors/api',
    status: 'fail',
    message: /stranger\.invalid is allowed too/,
  },
  {
    name: 'CORS for nobody',
    start: async () => ({ url: await plain({}), yaml: configuration(['cors: [https://chat.example.com]']) }),
    probe: 'cors/api',
    status: 'fail',
    message: /no such header/,
  },
  {
    name: 'a secret that is not there',
    start: async () => ({
      url: await plain({}),
      yaml: configuration().replace(
        'expect: {json',
        'headers: {Authorization: "Bearer ${secret.SMOKE_TOKEN}"}, expect: {json',
      ),
    }),
    probe: 'smoke/chat',
    status: 'error',
    message: /SMOKE_TOKEN is not set/,
  },
];
