// Every setting, read from the environment once; a bad one refuses to start.

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function text(name, fallback = '') {
  return process.env[name] || fallback;
}

function number(name, fallback) {
  const value = Number(text(name, String(fallback)));
  if (!Number.isInteger(value)) throw new Error(`${name}: ${process.env[name]} is not a whole number`);
  return value;
}

function flag(name) {
  return ['1', 'true'].includes(text(name).toLowerCase());
}

/** Milliseconds of a duration with units: 500ms, 30s, 1h30m. */
function duration(name, fallback) {
  const raw = text(name, fallback);
  if (raw !== '0' && !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(raw)) {
    throw new Error(`${name}: ${raw} is not a duration such as 500ms, 30s or 1h30m`);
  }
  const parts = [...raw.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit], 0);
}

const port = number('PORT', 3000);

export const settings = Object.freeze({
  service: text('SERVICE_NAME', 'chatbot'),
  host: text('HOST', '0.0.0.0'),
  port,
  metricsPort: number('METRICS_PORT', port), // equal to port: beside the API
  logLevel: text('LOG_LEVEL', 'info'),

  version: text('APP_VERSION', 'dev'),
  commit: text('APP_COMMIT', 'unknown'),
  buildTime: text('APP_BUILD_TIME', 'unknown'),

  requestTimeout: duration('REQUEST_TIMEOUT', '60s'),
  llmTimeout: duration('LLM_TIMEOUT', '45s'),
  streamIdleTimeout: duration('STREAM_IDLE_TIMEOUT', '60s'),
  streamMaxDuration: duration('STREAM_MAX_DURATION', '5m'),
  heartbeat: duration('HEARTBEAT', '15s'),
  keepAliveTimeout: duration('KEEPALIVE_TIMEOUT', '90s'), // longer than a proxy's 75 s, so that the proxy closes first
  drainDelay: duration('DRAIN_DELAY', '0s'),
  shutdownTimeout: duration('SHUTDOWN_TIMEOUT', '30s'),
  maxRequestSize: number('MAX_REQUEST_SIZE', 1024 * 1024),

  llmBaseUrl: text('LLM_BASE_URL').replace(/\/$/, ''), // empty: the built-in echo model
  llmModel: text('LLM_MODEL', 'echo-1'),
  llmApiKey: text('LLM_API_KEY'),

  // Switches that let a deployment test meet a broken release.
  failStart: flag('FAIL_START'),
  neverReady: flag('NEVER_READY'),
  failChat: flag('FAIL_CHAT'),
  slowStart: duration('SLOW_START', '0s'),
});
