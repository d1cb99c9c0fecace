// The chatbot's HTTP server. `node src/server.js health` asks a running one whether it lives.

import { createServer } from 'node:http';
import { chat, streamGet, streamPost } from './chat.js';
import * as health from './health.js';
import { HttpError, observed, sendJson } from './http.js';
import { drainOnSignal, markStartedAfterSlowStart } from './lifecycle.js';
import { log } from './log.js';
import { scrape } from './metrics.js';
import { settings } from './settings.js';
import { attachEcho } from './websocket.js';

const routes = {
  'GET /health/live': health.live,
  'GET /health/ready': health.ready,
  'GET /health/startup': health.startup,
  'GET /health/deep': health.deep,
  'GET /version': (_, response) => {
    const { version, commit, buildTime } = settings;
    sendJson(response, 200, { version, commit, buildTime });
  },
  'POST /api/chat': chat,
  'POST /api/chat/stream': streamPost,
  'GET /api/chat/stream': streamGet,
};
const ownMetricsPort = settings.metricsPort !== settings.port;
if (!ownMetricsPort) routes['GET /metrics'] = scrape;

async function route(request, response, url) {
  const handle = routes[`${request.method} ${url.pathname}`];
  if (!handle) throw new HttpError(404, undefined, 'not found');
  await handle(request, response, url);
}

function start() {
  if (settings.failStart) throw new Error('FAIL_START is set');
  log.info('starting', { version: settings.version, commit: settings.commit });

  const server = createServer({ keepAliveTimeout: settings.keepAliveTimeout }, observed(route));
  server.on('error', fail);
  drainOnSignal(server, attachEcho(server));
  if (ownMetricsPort) createServer(scrape).on('error', fail).listen(settings.metricsPort, settings.host);
  server.listen(settings.port, settings.host, () => {
    log.info('listening', { address: `${settings.host}:${settings.port}` });
    markStartedAfterSlowStart();
  });
}

function fail(error) {
  log.error('server failed', { error: error.message });
  process.exit(1);
}

if (process.argv[2] === 'health') {
  process.exitCode = await health.askSelf();
} else {
  try {
    start();
  } catch (error) {
    fail(error);
  }
}
