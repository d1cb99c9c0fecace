/** scripts/build.sh on the Go service: programs for every platform, and an image by a real builder. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { build } from '../../src/targets/build/index.ts';
import { docker as dockerTarget } from '../../src/targets/docker/index.ts';
import { bases, engine } from './docker.ts';

const run = promisify(execFile);
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const CONFIG = `
version: 1
name: chatbot
image: {registry: localhost/test}
services:
  api:
    language: go
    version: "1.26"
    build: {main: ./cmd/server}
    port: 8080
    health: {live: /health/live, ready: /health/ready, command: [/server, health]}
targets: {docker: {}}
`;

/** buildah as the other platform tests have it: storage of its own, local base images, this machine's mirrors. */
const BUILDAH = `#!/usr/bin/env bash
# The real one is behind this folder.
PATH=\${PATH#*:}
. '${path('lib.sh')}'
case $1 in
  build) client_settings; builder bud --isolation chroot --network host --pull-never --layers=false "\${mounts[@]}" "\${@:2}" ;;
  *) builder "$@" ;;
esac
`;

let folder = '';
let tools = '';
beforeAll(async () => {
  await engine.up();
  folder = await mkdtemp(join(tmpdir(), 'aideploy script '));
  tools = await mkdtemp(join(tmpdir(), 'aideploy-tools-'));
  await writeFile(join(tools, 'buildah'), BUILDAH);
  await chmod(join(tools, 'buildah'), 0o755);
  await cp(path('../services/go'), folder, { recursive: true });
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(CONFIG)));
  const renderer = await createEngine();
  await run('mkdir', ['-p', join(folder, 'scripts')]);
  for (const artifact of [...build.render(model, renderer), ...dockerTarget.render(model, renderer)]) {
    await writeFile(join(folder, artifact.path), artifact.content, { mode: artifact.mode ?? 0o644 });
  }
});
afterAll(async () => {
  for (const each of [folder, tools]) await rm(each, { recursive: true });
});

it('builds programs for four platforms and an image that bears the version', async () => {
  const flags = [
    '--no-gates',
    '--tag',
    'v7.0.0',
    '--builder',
    'buildah',
    '--build-arg',
    `BUILD_IMAGE=${bases.golang}`,
  ];
  const env = { ...process.env, PATH: `${tools}:${process.env['PATH']}`, SOURCE_DATE_EPOCH: '1767225600' };
  const { stderr } = await run('scripts/build.sh', flags, { cwd: folder, env, maxBuffer: 2 ** 26 });
  expect(stderr).toContain('image localhost/test/chatbot:v7.0.0, by buildah');
  expect((await readdir(join(folder, 'build'))).sort()).toEqual([
    '.gitignore',
    'SHA256SUMS',
    'VERSION',
    'server-darwin-amd64',
    'server-linux-amd64',
    'server-linux-arm64',
    'server-windows-amd64.exe',
  ]);
  await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: join(folder, 'build') });

  const { stdout } = await run('buildah', ['inspect', '--type', 'image', 'localhost/test/chatbot:v7.0.0'], {
    env,
    maxBuffer: 2 ** 26,
  });
  const { config } = (
    JSON.parse(stdout) as { Docker: { config: { Labels: Record<string, string>; Healthcheck: object } } }
  ).Docker;
  expect(config.Labels).toMatchObject({
    'org.opencontainers.image.version': 'v7.0.0',
    'org.opencontainers.image.created': '2026-01-01T00:00:00Z',
  });
  expect(config.Healthcheck).toMatchObject({ Test: ['CMD', '/server', 'health'] });
});
