/** Rendered Dockerfiles become images that run on a real engine as hard as production will run them. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { docker as dockerTarget } from '../../src/targets/docker/index.ts';
import { freePort } from '../services/ports.ts';
import { bases, buildImage, docker, engine, startContainer } from './docker.ts';

const STAMP = { VERSION: 'v1.2.3+build 4', COMMIT: '0123456789abcdef', BUILD_TIME: '2026-01-31T12:00:00Z' };
const PRODUCTION = [
  '--read-only',
  '--tmpfs',
  '/tmp',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
];
const folders: string[] = [];
const renderer = await createEngine();

/** The service's sources with what is rendered for it beside them, and a secret that no image may get. */
async function project(service: string, yaml: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `aideploy-image-${service}-`));
  folders.push(folder);
  const sources = fileURLToPath(new URL(`../services/${service}`, import.meta.url));
  await cp(sources, folder, { recursive: true, filter: path => !path.endsWith('node_modules') });
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(yaml)));
  for (const { path, content } of dockerTarget.render(model, renderer)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await writeFile(join(folder, '.env'), 'LLM_API_KEY=not-for-images\n');
  return folder;
}

interface Running {
  readonly id: string;
  readonly url: string;
}

async function start(image: string, port: number, flags: string[] = []): Promise<Running> {
  const published = await freePort();
  const id = await startContainer(image, [
    ...PRODUCTION,
    '--publish',
    `127.0.0.1:${published}:${port}`,
    ...flags,
  ]);
  return { id, url: `http://127.0.0.1:${published}` };
}

const inspect = async (id: string, format: string): Promise<string> =>
  (await docker(['inspect', '--format', format, id])).trim();

const healthOf = (id: string): Promise<string> => inspect(id, '{{.State.Health.Status}}');

/** The numbers that the kernel knows the container's first process by. */
async function userOf(id: string): Promise<string> {
  const status = await readFile(`/proc/${await inspect(id, '{{.State.Pid}}')}/status`, 'utf8');
  const number = (name: string) => new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  return `${number('Uid')}:${number('Gid')}`;
}

/** What every image of a service must do, whatever is in it. */
async function proveService(running: Running, drain: number): Promise<void> {
  await expect.poll(() => healthOf(running.id), { timeout: 60_000 }).toBe('healthy');
  expect(await userOf(running.id)).toBe('10001:10001');
  const version = await fetch(`${running.url}/version`).then(answer => answer.json());
  expect(version).toEqual({ version: STAMP.VERSION, commit: STAMP.COMMIT, buildTime: STAMP.BUILD_TIME });

  const message = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"message":"Hello"}',
  };
  const chat = await fetch(`${running.url}/api/chat`, message);
  expect([chat.status, await chat.text()]).toEqual([200, expect.stringContaining('Hello')]);

  // A stream that is open when the stop comes is heard to its end.
  const stream = await fetch(`${running.url}/api/chat/stream?q=Hi&chunks=8&delayMs=400`);
  const stopped = docker(['stop', '--time', String(drain + 10), running.id]);
  const events = await stream.text();
  expect([events.match(/"token"/g)?.length, events]).toEqual([8, expect.stringContaining('[DONE]')]);

  const begin = Date.now();
  await stopped;
  // Not as long as its drain would last.
  expect(Date.now() - begin).toBeLessThan(10_000);
  // Not 137, which is what a kill leaves.
  expect(['0', '143']).toContain(await inspect(running.id, '{{.State.ExitCode}}'));
}

const labels = (image: string): Promise<string> =>
  inspect(
    image,
    '{{index .Config.Labels "org.opencontainers.image.version"}} {{.Config.User}} {{.Config.StopSignal}}',
  );

beforeAll(() => engine.up());
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const GO = `
version: 1
name: chatbot
services:
  api:
    language: go
    version: "1.26"
    build: {main: ./cmd/server, binaries: [./cmd/worker, ./cmd/job]}
    port: 8080
    metrics: {port: 9090}
    health: {live: /health/live, ready: /health/ready, command: [/server, health]}
    timeouts: {request: 20s, llm: 10s, drain: 25s, startup: 20s}
    volumes: [{name: queue, path: /var/lib/chat queue}]
targets: {docker: {}}
`;

describe('Go', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await project('go', GO);
    const args = { BUILD_IMAGE: bases.golang, ...STAMP };
    await buildImage({ context: folder, tag: 'test/go-scratch:1', args });
    await buildImage({
      context: folder,
      tag: 'test/go-static:1',
      args: { ...args, RUNTIME_IMAGE: bases.static },
    });
  });

  it.each(['test/go-scratch:1', 'test/go-static:1'])('%s serves, checks itself and drains', async image => {
    await proveService(await start(image, 8080), 25);
    expect(await labels(image)).toBe(`${STAMP.VERSION} 10001:10001 SIGTERM`);
  });

  it('ships further programs beside the first', async () => {
    const output = await docker(['run', '--rm', ...PRODUCTION, '--entrypoint', '/job', 'test/go-scratch:1']);
    expect(output).toContain('job complete');
  });

  it('gives a new volume to the user, so that the worker may write there', async () => {
    const volume = [
      '--mount',
      'type=volume,target=/var/lib/chat queue',
      '--env',
      'QUEUE_DIR=/var/lib/chat queue',
    ];
    const id = await startContainer('test/go-scratch:1', [
      ...PRODUCTION,
      ...volume,
      '--entrypoint',
      '/worker',
    ]);
    await expect.poll(() => docker(['logs', id]), { timeout: 60_000 }).not.toBe('');
    expect(await inspect(id, '{{.State.Running}}')).toBe('true');
    await docker(['stop', '--time', '30', id]);
    expect(await inspect(id, '{{.State.ExitCode}}')).toBe('0');
  });

  it('has a /tmp for uploads even where the platform mounts none', async () => {
    const id = (await docker(['create', 'test/go-scratch:1'])).trim();
    const archive = await docker(['cp', `${id}:/tmp`, '-']);
    await docker(['rm', id]);
    // The mode stands behind the name, in the archive's own header.
    expect(archive.slice(0, 108)).toMatch(/^tmp\/\0+0?0?41777\0|^tmp\/\0+000?1777\0/);
  });
});

const PYTHON = `
version: 1
name: chatbot
services:
  api:
    language: python
    version: "3.11"
    build: {main: app.main:app}
    port: 8001
    health: {live: /health/live, ready: /health/ready}
    timeouts: {request: 10s, llm: 5s, drain: 15s, startup: 30s}
targets: {docker: {}}
`;

describe('Python', () => {
  const args = { BUILD_IMAGE: bases.python, RUNTIME_IMAGE: bases.python, ...STAMP };

  it('serves under uvicorn from a virtual environment, checks itself and drains', async () => {
    await buildImage({ context: await project('python', PYTHON), tag: 'test/python:1', args });
    // A proxy of the environment is for calls to the outside, not for the check.
    await proveService(await start('test/python:1', 8001, ['--env', 'http_proxy=http://127.0.0.1:9']), 15);
    const files = await docker([
      'run',
      '--rm',
      '--entrypoint',
      'find',
      'test/python:1',
      '/app',
      '-name',
      '.env*',
    ]);
    expect(files).toBe('');
  });

  it('finds the interpreter of an image that has it elsewhere', async () => {
    const yaml = PYTHON.replace('main: app.main:app', 'main: app.main:app, base: {runtime: distroless}');
    await buildImage({ context: await project('python', yaml), tag: 'test/python-elsewhere:1', args });
    const where = [
      'python',
      '-c',
      'import os, sys, uvicorn; print(os.path.realpath(sys.executable), sys.prefix)',
    ];
    const [program = '', ...rest] = where;
    const output = await docker(['run', '--rm', '--entrypoint', program, 'test/python-elsewhere:1', ...rest]);
    expect(output.trim()).toBe('/usr/bin/python3.11 /venv');
  });
});

const NODE = `
version: 1
name: chatbot
services:
  api:
    language: node
    version: 22
    build: {main: src/server.js}
    port: 3000
    health: {live: /health/live, ready: /health/ready}
    timeouts: {request: 10s, llm: 5s, drain: 15s, startup: 30s}
targets: {docker: {}}
`;

describe('Node', () => {
  it('serves under node itself, checks itself and drains', async () => {
    const args = { BUILD_IMAGE: bases.node, RUNTIME_IMAGE: bases.node, ...STAMP };
    await buildImage({ context: await project('node', NODE), tag: 'test/node:1', args });
    await proveService(await start('test/node:1', 3000), 15);
  });
});
