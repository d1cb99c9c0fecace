import type { Endpoint } from '../deployment.ts';

/** Paths by which services usually answer what they are asked, the most telling first. */
export const CANDIDATES = {
  live: [
    '/health/live',
    '/livez',
    '/healthz',
    '/health',
    '/api/health',
    '/live',
    '/ping',
    '/-/healthy',
    '/actuator/health/liveness',
  ],
  ready: [
    '/health/ready',
    '/readyz',
    '/ready',
    '/healthz',
    '/health',
    '/api/health',
    '/-/ready',
    '/actuator/health/readiness',
  ],
  startup: ['/health/startup', '/startupz'],
  deep: ['/health/deep'],
  version: ['/version', '/api/version', '/health', '/healthz'],
  metrics: ['/metrics', '/actuator/prometheus'],
  docs: ['/openapi.json', '/docs', '/swagger.json', '/redoc'],
} as const;

/** Where chats stream; asked with the smallest prompt there is. */
export const STREAMS = ['/api/chat/stream', '/chat/stream', '/stream', '/events', '/sse'].map(
  path => `${path}?q=ping`,
);
export const SOCKETS = ['/ws', '/api/ws', '/socket'];

export type Purpose = keyof typeof CANDIDATES;

/** What is expected of a stream of which nothing is known. */
export const USUAL_STREAM = { maxDuration: 300_000, heartbeat: 30_000, firstEvent: 30_000, idle: 60_000 };

export const NOTHING_KNOWN: Omit<Endpoint, 'access'> = {
  service: undefined,
  live: undefined,
  ready: undefined,
  startup: undefined,
  deep: undefined,
  version: undefined,
  metrics: undefined,
  metricFamilies: [],
  grpc: undefined,
  stream: undefined,
  cors: [],
  bodyLimit: undefined,
  objectives: undefined,
  smoke: [],
};
