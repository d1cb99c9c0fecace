// The service's API: one answer at once, or token by token.

import { HttpError, readJson, sendJson } from './http.js';
import { streamsEndSignal } from './lifecycle.js';
import { countTokens, model } from './llm.js';
import { log } from './log.js';
import * as metrics from './metrics.js';
import { settings } from './settings.js';

const MAX_CHUNKS = 100_000;
const MAX_DELAY_MS = 600_000;

export async function chat(request, response) {
  const prompt = validated(await readJson(request));
  let reply;
  try {
    const limit = Math.min(settings.llmTimeout, settings.requestTimeout);
    reply = await model.complete(prompt, AbortSignal.timeout(limit));
  } catch (error) {
    const type = typeOf(error);
    log.error('model call failed', { request_id: request.id, type, error: error.message });
    throw new HttpError(type === 'timeout' ? 504 : 502, type, `the model did not answer: ${type}`);
  }
  metrics.tokens.inc({ direction: 'input' }, reply.inputTokens);
  metrics.tokens.inc({ direction: 'output' }, reply.outputTokens);
  sendJson(response, 200, {
    reply: reply.text,
    model: reply.model,
    usage: { input_tokens: reply.inputTokens, output_tokens: reply.outputTokens },
    request_id: request.id,
  });
}

export async function streamPost(request, response) {
  await stream(validated(await readJson(request)), request, response);
}

export async function streamGet(request, response, url) {
  const query = url.searchParams;
  const number = name => (query.has(name) ? Number(query.get(name)) : undefined);
  const prompt = validated({ message: query.get('q'), chunks: number('chunks'), delayMs: number('delayMs') });
  await stream(prompt, request, response);
}

function validated(body) {
  const { message, chunks, delayMs } = body ?? {};
  if (typeof message !== 'string' || message.trim() === '') {
    throw new HttpError(400, 'bad_request', 'message is required');
  }
  requireWithin('chunks', chunks, MAX_CHUNKS);
  requireWithin('delayMs', delayMs, MAX_DELAY_MS);
  if (settings.failChat) throw new HttpError(500, 'internal', 'FAIL_CHAT is set');
  return { message, chunks, delayMs: delayMs ?? undefined };
}

function requireWithin(name, value, max) {
  if (value === undefined || value === null) return;
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new HttpError(400, 'bad_request', `${name} must be between 0 and ${max}`);
  }
}

/** Server-sent events: one for each token, comments while the model is quiet, [DONE] at the end. */
async function stream(prompt, request, response) {
  metrics.tokens.inc({ direction: 'input' }, countTokens(prompt.message));
  // No X-Accel-Buffering here: that a proxy passes each event on at once is for its own configuration to get right.
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.write(': open\n\n'); // headers leave now, not with the first token

  const ending = endOf(response);
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), settings.heartbeat);
  try {
    for await (const token of model.stream(prompt, ending.signal)) {
      metrics.tokens.inc({ direction: 'output' });
      sendEvent(response, { token });
      heartbeat.refresh();
      ending.tokenCame();
    }
    response.write('data: [DONE]\n\n');
  } catch (error) {
    sayWhy(request, response, ending.signal.aborted ? ending.signal.reason : error);
  } finally {
    clearInterval(heartbeat);
    ending.clear();
    response.end();
  }
}

const CLIENT_LEFT = Symbol('client left');
const SHUTDOWN = Symbol('shutdown');

/** One signal for all that may end a stream early; it ends the model's work too. */
function endOf(response) {
  const controller = new AbortController();
  const timeout = message => () => controller.abort(new DOMException(message, 'TimeoutError'));
  const longest = setTimeout(timeout('the stream took too long'), settings.streamMaxDuration);
  const idle = setTimeout(timeout('the model fell silent'), settings.streamIdleTimeout);
  const onClose = () => controller.abort(CLIENT_LEFT);
  const onShutdown = () => controller.abort(SHUTDOWN);
  response.once('close', onClose);
  streamsEndSignal.addEventListener('abort', onShutdown);
  return {
    signal: controller.signal,
    tokenCame: () => idle.refresh(),
    clear() {
      clearTimeout(longest);
      clearTimeout(idle);
      response.removeListener('close', onClose);
      streamsEndSignal.removeEventListener('abort', onShutdown);
    },
  };
}

function sayWhy(request, response, reason) {
  if (reason === CLIENT_LEFT) {
    metrics.disconnects.inc();
    log.info('client left the stream', { request_id: request.id });
  } else if (reason === SHUTDOWN) {
    sendEvent(response, { reason: 'the server is shutting down' }, 'shutdown');
  } else {
    const type = typeOf(reason);
    metrics.errors.inc({ type });
    log.error('stream failed', { request_id: request.id, type, error: reason.message });
    sendEvent(response, { error: type }, 'error');
  }
}

function sendEvent(response, data, name) {
  response.write(`${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
}

function typeOf(error) {
  return error.name === 'TimeoutError' ? 'timeout' : 'llm';
}
