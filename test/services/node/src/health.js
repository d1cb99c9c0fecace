// Answers to the platform's probes. Only /health/deep touches a dependency.

import { sendJson } from './http.js';
import { lifecycle } from './lifecycle.js';
import { model } from './llm.js';
import { settings } from './settings.js';

const CHECK_TIMEOUT_MS = 3000;

export function live(_, response) {
  answer(response, 200, 'healthy');
}

export function startup(_, response) {
  if (lifecycle.started) answer(response, 200, 'started');
  else answer(response, 503, 'starting');
}

export function ready(_, response) {
  if (lifecycle.draining) answer(response, 503, 'draining');
  else if (!lifecycle.started) answer(response, 503, 'starting');
  else if (settings.neverReady) answer(response, 503, 'not ready');
  else answer(response, 200, 'ready');
}

export async function deep(_, response) {
  const began = performance.now();
  let message;
  try {
    await model.check(AbortSignal.timeout(CHECK_TIMEOUT_MS));
  } catch (error) {
    message = error.cause?.message ?? error.message;
  }
  const latency = performance.now() - began;
  const status = message === undefined ? 'healthy' : 'unhealthy';
  const check = {
    status,
    message,
    latency: `${latency.toFixed(2)}ms`,
    latency_ms: Number(latency.toFixed(3)),
    last_checked: new Date().toISOString(),
  };
  answer(response, status === 'healthy' ? 200 : 503, status, { checks: { llm: check } });
}

function answer(response, code, status, more) {
  const uptime = Math.round(process.uptime());
  sendJson(response, code, {
    status,
    version: settings.version,
    uptime: `${Math.floor(uptime / 3600)}h${Math.floor(uptime / 60) % 60}m${uptime % 60}s`,
    timestamp: new Date().toISOString(),
    ...more,
  });
}

/** The container's health command, for an image without another client: the exit code. */
export async function askSelf() {
  const host = ['0.0.0.0', '::'].includes(settings.host) ? '127.0.0.1' : settings.host;
  try {
    const response = await fetch(`http://${host}:${settings.port}/health/live`, { signal: AbortSignal.timeout(3000) });
    return response.ok ? 0 : 1;
  } catch (error) {
    console.error(error.cause?.message ?? error.message);
    return 1;
  }
}
