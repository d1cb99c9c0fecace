import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digestOf } from '../../src/platforms/registry/digest.ts';
import { project } from '../cli/run.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const MANIFEST = '{"schemaVersion":2}';
const signal = new AbortController().signal;

let server: Server;
let host: string;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('DOCKER_CONFIG', await project());
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise(resolve => server.close(resolve));
});

const say =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, headers).end(body);
const digest = { 'docker-content-digest': DIGEST };

describe('what a tag stands for', () => {
  test('is what the registry says', async () => {
    answer = say(200, digest);
    expect(await digestOf(`${host}/acme/chat:v1`, signal)).toEqual({ value: DIGEST });
    expect(asked).toEqual(['HEAD /v2/acme/chat/manifests/v1 -']);
  });

  test('is known without asking where it is a digest already', async () => {
    expect(await digestOf(`${host}/acme/chat:v1@${DIGEST}`, signal)).toEqual({ value: DIGEST });
    expect(asked).toEqual([]);
  });

  test('is the hash of the manifest where the registry does not say it', async () => {
    answer = (request, response) => response.writeHead(200).end(request.method === 'GET' ? MANIFEST : '');
    const hash = createHash('sha256').update(MANIFEST).digest('hex');
    expect(await digestOf(`${host}/acme/chat:v1`, signal)).toEqual({ value: `sha256:${hash}` });
  });

  test('is nothing where there is no such tag', async () => {
    answer = say(404);
    expect(await digestOf(`${host}/acme/chat:v9`, signal)).toEqual({ value: undefined });
  });

  test.each<[number, RegExp, string]>([
    [500, /^the registry 127\.0\.0\.1:\d+ answers 500 to acme\/chat$/, 'make http'],
    [403, /answers 403 to acme\/chat$/, 'docker login'],
  ])('cannot be known from an answer of %i', async (status, why, next) => {
    answer = say(status);
    const { obstacle } = await digestOf(`${host}/acme/chat:v1`, signal);
    expect(obstacle?.why).toMatch(why);
    expect(obstacle?.next).toContain(next);
  });

  test('cannot be known where nobody listens', async () => {
    const { obstacle } = await digestOf('127.0.0.1:9/acme/chat:v1', signal);
    expect(obstacle?.why).toMatch(/^the registry 127\.0\.0\.1:9 does not answer: /);
  });
});

describe('a registry that asks who it is', () => {
  const basic = `Basic ${Buffer.from('ada:s:cret').toString('base64')}`;
  const config = (content: object) =>
    writeFile(join(process.env['DOCKER_CONFIG'] ?? '', 'config.json'), JSON.stringify(content));
  const challenge = () => ({
    'www-authenticate': `Bearer realm="http://${host}/token",service="r",scope="repository:acme/chat:pull"`,
  });
  const tokens = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/token')) return response.end('{"token":"t0ken"}');
    return request.headers.authorization === 'Bearer t0ken'
      ? say(200, digest)(request, response)
      : say(401, challenge())(request, response);
  };

  test('is told by the login of docker, and gives a token for it', async () => {
    await config({ auths: { [host]: { auth: Buffer.from('ada:s:cret').toString('base64') } } });
    answer = tokens;
    expect(await digestOf(`${host}/acme/chat:v1`, signal)).toEqual({ value: DIGEST });
    expect(asked[1]).toBe(`GET /token?service=r&scope=repository%3Aacme%2Fchat%3Apull ${basic}`);
  });

  test('gives a token to anybody', async () => {
    answer = tokens;
    expect(await digestOf(`${host}/acme/chat:v1`, signal)).toEqual({ value: DIGEST });
    expect(asked[1]).toMatch(/ -$/);
  });

  test('takes the password itself, from the helper that keeps it', async () => {
    const folder = await project();
    const helper =
      '#!/bin/sh\nread -r name\nprintf \'{"Username":"ada","Secret":"s:cret","ServerURL":"%s"}\' "$name"\n';
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'docker-credential-vault'), helper, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    await config({ credHelpers: { [host]: 'vault' } });
    answer = (request, response) =>
      request.headers.authorization === basic
        ? say(200, digest)(request, response)
        : say(401, { 'www-authenticate': 'Basic realm="r"' })(request, response);
    expect(await digestOf(`${host}/acme/chat:v1`, signal)).toEqual({ value: DIGEST });
  });

  test('gets no password in the clear by way of another host', async () => {
    await config({ auths: { [host]: { auth: Buffer.from('ada:s:cret').toString('base64') } } });
    answer = say(401, { 'www-authenticate': 'Bearer realm="http://registry.example.com/token",service="r"' });
    const { obstacle } = await digestOf(`${host}/acme/chat:v1`, signal);
    expect(obstacle?.next).toBe(`docker login ${host}`);
    expect(asked).toHaveLength(2);
  });
});
