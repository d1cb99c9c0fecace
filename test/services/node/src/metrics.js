// The ai_* family.

import { Counter, Gauge, Histogram, collectDefaultMetrics, register } from 'prom-client';

export const ENDPOINTS = ['/api/chat', '/api/chat/stream', '/ws'];

collectDefaultMetrics();

const requests = new Counter({
  name: 'ai_requests_total',
  help: 'Requests by endpoint and status.',
  labelNames: ['endpoint', 'status'],
});
const durations = new Histogram({
  name: 'ai_request_duration_seconds',
  help: 'Time from the request to its last byte.',
  labelNames: ['endpoint'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
});
const active = new Gauge({ name: 'ai_active_requests', help: 'Requests in flight.' });

export const tokens = new Counter({
  name: 'ai_tokens_total',
  help: 'Tokens by direction.',
  labelNames: ['direction'],
});
export const errors = new Counter({ name: 'ai_errors_total', help: 'Errors by type.', labelNames: ['type'] });
export const disconnects = new Counter({
  name: 'ai_stream_disconnects_total',
  help: 'Streams whose client left before the end.',
});

// The series a dashboard asks for are there from the start, so that a rate is 0 and not absent.
for (const endpoint of ENDPOINTS) {
  requests.inc({ endpoint, status: '200' }, 0);
  durations.zero({ endpoint });
}
for (const direction of ['input', 'output']) tokens.inc({ direction }, 0);
for (const type of ['bad_request', 'internal', 'llm', 'timeout', 'too_large']) errors.inc({ type }, 0);

/** Counts a request as active; the returned function ends it with its status. */
export function begin(endpoint) {
  const stop = durations.startTimer({ endpoint });
  active.inc();
  return status => {
    active.dec();
    stop();
    requests.inc({ endpoint, status: String(status) });
  };
}

export async function scrape(_, response) {
  response.setHeader('Content-Type', register.contentType);
  response.end(await register.metrics());
}
