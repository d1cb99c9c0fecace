// The model: a provider's HTTP API or, without one, an echo within the process.
// A prompt is {message, chunks?, delayMs?}; chunks and delayMs shape a stream.

import { setTimeout as sleep } from 'node:timers/promises';
import { settings } from './settings.js';

const ECHO_DELAY_MS = 20;

/** A rough count, good enough to see a metric move. */
export function countTokens(text) {
  return text.split(/\s+/).filter(Boolean).length;
}

/** Answers with the question, word by word. */
const echoModel = {
  async complete({ message }) {
    const text = `Echo: ${message}`;
    return { text, model: settings.llmModel, inputTokens: countTokens(message), outputTokens: countTokens(text) };
  },

  async *stream({ message, chunks, delayMs = ECHO_DELAY_MS }, signal) {
    const words = `Echo: ${message}`.split(/\s+/).filter(Boolean);
    const count = chunks || words.length;
    for (let i = 0; i < count; i++) {
      if (i > 0) await sleep(delayMs, undefined, { signal });
      yield `${words[i % words.length]} `;
    }
  },

  async check() {},
};

/** Speaks the chat completions API that most providers offer. */
const remoteModel = {
  async complete(prompt, signal) {
    const response = await ask(prompt, false, signal);
    const { model, choices, usage } = await response.json();
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
    return { text: choices[0].message.content, model, inputTokens, outputTokens };
  },

  async *stream(prompt, signal) {
    const response = await ask(prompt, true, signal);
    for await (const line of lines(response.body)) {
      if (line === 'data: [DONE]') return;
      if (!line.startsWith('data: ')) continue;
      const token = JSON.parse(line.slice('data: '.length)).choices[0]?.delta.content;
      if (token) yield token;
    }
    throw new Error("the model's stream broke off");
  },

  /** Lists the models: the one call that every provider answers without charging for it. */
  async check(signal) {
    const response = await call('/v1/models', { signal });
    await response.body.cancel();
  },
};

function ask({ message, chunks, delayMs }, stream, signal) {
  const body = JSON.stringify({
    model: settings.llmModel,
    messages: [{ role: 'user', content: message }],
    stream,
    // Only the fake provider of the tests knows these two; they are left out unless a caller asks.
    chunks: chunks || undefined,
    chunkDelayMs: delayMs,
  });
  return call('/v1/chat/completions', { method: 'POST', body, signal });
}

async function call(path, options) {
  const headers = { 'Content-Type': 'application/json' };
  if (settings.llmApiKey) headers.Authorization = `Bearer ${settings.llmApiKey}`;
  const response = await fetch(settings.llmBaseUrl + path, { ...options, headers });
  if (!response.ok) throw new Error(`the model's provider answered ${response.status}`);
  return response;
}

async function* lines(body) {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}

export const model = settings.llmBaseUrl ? remoteModel : echoModel;
