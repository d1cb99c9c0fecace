// What every request shares: its id, its log line, its metrics; reading and writing JSON.

import { randomUUID } from 'node:crypto';
import { lifecycle } from './lifecycle.js';
import { log } from './log.js';
import * as metrics from './metrics.js';
import { settings } from './settings.js';

// A foreign request id goes into logs and headers, so only a harmless one is taken over.
const HARMLESS = /^[A-Za-z0-9._-]{1,128}$/;

/** An answer other than 200; `type` is the label of ai_errors_total. */
export class HttpError extends Error {
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export function requestId(request) {
  const given = request.headers['x-request-id'] ?? '';
  return HARMLESS.test(given) ? given : randomUUID();
}

export function sendJson(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Wraps the router: `handle(request, response, url)`. */
export function observed(handle) {
  return async (request, response) => {
    const began = performance.now();
    const url = new URL(request.url, 'http://localhost');
    request.id = requestId(request);
    request.clientIp = request.socket.remoteAddress; // the socket forgets it once it is closed
    response.setHeader('X-Request-Id', request.id);
    const end = metrics.ENDPOINTS.includes(url.pathname) ? countIn(url.pathname) : () => {};
    response.once('close', () => {
      end(response.statusCode);
      recordAccess(request, url.pathname, response.statusCode, performance.now() - began);
    });
    try {
      await handle(request, response, url);
    } catch (error) {
      sendError(request, response, error);
    }
  };
}

/** Puts a request into the ai_* metrics and among those that a drain waits for. */
export function countIn(endpoint) {
  lifecycle.inFlight++;
  const end = metrics.begin(endpoint);
  return status => {
    lifecycle.inFlight--;
    end(status);
  };
}

function recordAccess(request, path, status, took) {
  // Probes and scrapes come every few seconds; at info they would bury the rest.
  const level = path.startsWith('/health') || path === '/metrics' ? 'debug' : 'info';
  log[level]('HTTP request completed', {
    request_id: request.id,
    method: request.method,
    path,
    status,
    duration_ms: Math.round(took),
    client_ip: request.clientIp,
  });
}

function sendError(request, response, error) {
  const known = error instanceof HttpError;
  if (!known) log.error('request failed', { request_id: request.id, error: error.message, stack: error.stack });
  const { status, type, message } = known ? error : new HttpError(500, 'internal', 'internal error');
  if (type) metrics.errors.inc({ type });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, status, { error: message, request_id: request.id });
}

export async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= settings.maxRequestSize) chunks.push(chunk); // the rest is read and dropped, so that the client sees the answer
  }
  if (size > settings.maxRequestSize) throw new HttpError(413, 'too_large', 'the body is too large');
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new HttpError(400, 'bad_request', `the request is not valid: ${error.message}`);
  }
}
