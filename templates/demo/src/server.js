// A small chat service that needs nothing but Node: its model is an echo. It has what a deployment
// asks of a real one: health, metrics, a version, an answer, a stream, and an end that cuts nobody off.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const port = Number(process.env.PORT ?? 3000);
const shutdownTimeout = Number.parseInt(process.env.SHUTDOWN_TIMEOUT ?? '65', 10) * 1000;
const version = process.env.APP_VERSION ?? 'dev';

const requests = new Map();
const durations = new Map();
const tokens = { input: 0, output: 0 };
let errors = 0;
let draining = false;
let active = 0;

const json = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

async function chat(request, response) {
  const { message } = await readJson(request);
  if (typeof message !== 'string') return json(response, 400, { error: 'message is needed' });
  await sleep(20);
  tokens.input += message.split(' ').length;
  tokens.output += message.split(' ').length + 2;
  return json(response, 200, { reply: `You said: ${message}` });
}

async function stream(request, response) {
  const words = new URL(request.url, 'http://localhost').searchParams.get('q') ?? 'Hello from the sample';
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const word of words.split(' ')) {
    response.write(`data: ${JSON.stringify({ token: word })}\n\n`);
    tokens.output++;
    await sleep(100);
  }
  response.end('data: [DONE]\n\n');
}

const BUCKETS = [0.05, 0.1, 0.5, 1, 5, 30];

function observe(endpoint, seconds) {
  const known = durations.get(endpoint) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
  durations.set(endpoint, known);
  for (const [index, limit] of BUCKETS.entries()) if (seconds <= limit) known.counts[index]++;
  known.sum += seconds;
  known.count++;
}

function metrics(response) {
  const lines = ['# TYPE ai_requests_total counter'];
  for (const [key, count] of requests) {
    const [endpoint, status] = key.split(' ');
    lines.push(`ai_requests_total{endpoint="${endpoint}",status="${status}"} ${count}`);
  }
  lines.push('# TYPE ai_request_duration_seconds histogram');
  for (const [endpoint, { counts, sum, count }] of durations) {
    const name = `ai_request_duration_seconds_bucket{endpoint="${endpoint}"`;
    for (const [index, limit] of BUCKETS.entries()) lines.push(`${name},le="${limit}"} ${counts[index]}`);
    lines.push(`${name},le="+Inf"} ${count}`);
    lines.push(`ai_request_duration_seconds_sum{endpoint="${endpoint}"} ${sum}`);
    lines.push(`ai_request_duration_seconds_count{endpoint="${endpoint}"} ${count}`);
  }
  lines.push('# TYPE ai_tokens_total counter');
  for (const [direction, count] of Object.entries(tokens)) lines.push(`ai_tokens_total{direction="${direction}"} ${count}`);
  lines.push('# TYPE ai_errors_total counter', `ai_errors_total{type="request"} ${errors}`);
  lines.push('# TYPE ai_active_requests gauge', `ai_active_requests ${active}`);
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
  response.end(`${lines.join('\n')}\n`);
}

const routes = {
  'GET /health/live': (_, response) => json(response, 200, { status: 'alive' }),
  'GET /health/ready': (_, response) => json(response, draining ? 503 : 200, { status: draining ? 'draining' : 'ready' }),
  'GET /version': (_, response) => json(response, 200, { version }),
  'GET /metrics': (_, response) => metrics(response),
  'POST /api/chat': chat,
  'GET /api/chat/stream': stream,
};

const server = createServer({ keepAliveTimeout: 80_000 }, async (request, response) => {
  const path = request.url.split('?')[0];
  const route = routes[`${request.method} ${path}`];
  if (!route) return json(response, 404, { error: 'not found' });
  active++;
  const started = performance.now();
  try {
    await route(request, response);
  } catch (error) {
    errors++;
    if (!response.headersSent) json(response, error instanceof SyntaxError ? 400 : 500, { error: error.message });
    else response.end();
  } finally {
    active--;
    const key = `${path} ${response.statusCode}`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    observe(path, (performance.now() - started) / 1000);
    // A connection that falls idle during the drain would hold the process open until its keep-alive ends.
    if (draining) response.on('close', () => server.closeIdleConnections());
  }
});

server.listen(port, () => console.log(JSON.stringify({ level: 'info', msg: 'listening', port })));

process.on('SIGTERM', () => {
  draining = true;
  console.log(JSON.stringify({ level: 'info', msg: 'draining', active }));
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(1), shutdownTimeout).unref();
});
