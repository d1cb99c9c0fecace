/** Services that are well are never said not to be: every probe, many times, while others load them. */
import { afterAll, describe, expect, test } from 'vitest';
import { go, launchUntil, node, python, type Running, type Service } from '../services/launch.ts';
import { cleanUp } from '../services/programs.ts';
import { troublesOf, verifying } from './run.ts';

const RUNS = process.env['AIDEPLOY_DEEP'] ? 200 : 7;

afterAll(cleanUp);

const yamlOf = ({ url, metrics }: Running) => `version: 1
name: chat
services:
  api:
    language: node
    build: {main: src/server.js}
    port: ${new URL(url).port}
    metrics: {port: ${new URL(metrics).port}}
    health: {live: /health/live, ready: /health/ready, startup: /health/startup, deep: /health/deep}
    stream: {kind: sse, paths: [/api/chat/stream], heartbeat: 2s}
    smoke:
      - {name: chat, method: POST, path: /api/chat, json: {message: Hello}, expect: {json: {$.reply: exists}}}
      - {name: stream, method: POST, path: /api/chat/stream, json: {message: Hi, chunks: 12, delayMs: 50}, expect: {sse: {minEvents: 12, end: "[DONE]"}}}
  sockets:
    language: node
    build: {main: src/server.js}
    port: 3001
    health: {live: /health/live, ready: /health/ready}
    stream: {kind: websocket, paths: [/ws]}
`;

/** Requests beside those of the probes, until it is stopped; the answer is how many there were. */
function load(url: string): () => Promise<number> {
  let done = false;
  let requests = 0;
  const client = async () => {
    while (!done) {
      await fetch(`${url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"message":"load"}',
      })
        .then(answer => answer.text())
        .catch(() => undefined);
      requests++;
    }
  };
  const clients = Array.from({ length: 4 }, client);
  return async () => {
    done = true;
    await Promise.all(clients);
    return requests;
  };
}

describe.each<[string, Service]>([
  ['Go', go],
  ['Python', python],
  ['Node', node],
])('%s', (_, service) => {
  test(`${RUNS} runs under load, and none finds anything`, { timeout: 30_000 + RUNS * 10_000 }, async () => {
    const running = await launchUntil('/health/ready', service);
    const addresses = { api: new URL(running.url), sockets: new URL(running.url) };
    const stop = load(running.url);
    for (let run = 0; run < RUNS; run++) {
      const verification = await verifying({
        url: running.url,
        yaml: yamlOf(running),
        addresses,
        flags: { expectVersion: 'v1.2.3' },
      });
      expect(troublesOf(verification)).toEqual([]);
      expect(verification.verdict).toBe('pass');
      expect(verification.probes.filter(({ status }) => status === 'pass').length).toBeGreaterThanOrEqual(14);
    }
    expect(await stop()).toBeGreaterThan(RUNS);
    // An address alone is enough.
    const alone = await verifying({ url: running.url });
    expect(troublesOf(alone)).toEqual([]);
    expect(alone.probes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['deep', 'live', 'ready', 'startup', 'stream/path', 'version']),
    );
    running.program.signal('SIGTERM');
  });
});
