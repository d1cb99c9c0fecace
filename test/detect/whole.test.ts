import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detect } from '../../src/detect/detect.ts';
import { expectFacts, fixture } from './facts.ts';

test('a monorepo: three services of three languages, libraries are none', async () => {
  const detection = await expectFacts(fixture('monorepo'), {
    'api.build.context': '.',
    'api.build.main': './services/api @ services/api/main.go:9',
    'api.port': '8090 @ libs/shared/shared.go:3 services/api/main.go:11',
    'web.build.context': '.',
    'web.build.main': 'apps/web/server.js @ apps/web/package.json:3',
    'web.port': '5000 @ packages/kit/index.js:1 apps/web/server.js:6',
    'web.portEnv': '{"name":"WEB_PORT","form":"${port}"} @ packages/kit/index.js:1',
    'web.health.live': '~/ @ apps/web/server.js:5',
    'embedder.kind': '~worker @ services/embedder/worker.py:12',
    'embedder.build.context': 'services/embedder',
    'embedder.env.QUEUE': 'default embeddings @ services/embedder/worker.py:4',
  });
  expect(detection.services.map(({ key }) => key)).toEqual(['web', 'api', 'embedder']);
  expect(detection.notes).toContainEqual(
    expect.objectContaining({
      message:
        'apps/site/package.json starts `next start -p 3100`, which is no program that could be read: it is left out of the draft',
      evidence: [expect.objectContaining({ file: 'apps/site/package.json', line: 5 })],
    }),
  );
});

test('broken sources are read as far as they go, and named', async () => {
  const detection = await expectFacts(fixture('broken'), {
    'api.port': '8086 @ main.go:8',
    'api.health.live': '/healthz @ main.go:6',
  });
  expect(detection.scanned.skipped.map(({ file, reason }) => `${file}: ${reason.split(':')[0]}`)).toEqual([
    'compose.yaml: not a compose file that can be read',
    'latin1.go: not UTF-8',
    'main.go: has syntax errors',
    'package.json: not valid JSON',
    'tool/app.py: has syntax errors',
    'tool/pyproject.toml: not valid TOML',
  ]);
});

test('a repository without a service says so', async () => {
  const { services, notes } = await detect(fixture('cli-only'));
  expect(services).toEqual([]);
  expect(notes.map(({ message }) => message)).toEqual([
    'no service was found: Go, Python sources are here, but none of them listens on a port, serves an ASGI or WSGI application, or runs as a worker',
  ]);
});

test('the same repository gives the same answer', async () => {
  expect(JSON.stringify(await detect(fixture('monorepo')))).toBe(
    JSON.stringify(await detect(fixture('monorepo'))),
  );
});

test('links in a circle, large and binary files, an empty folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'detect-'));
  try {
    expect((await detect(root)).services).toEqual([]);
    await mkdir(join(root, 'a'));
    await symlink('..', join(root, 'a', 'loop'));
    await mkdir(join(root, 'node_modules', 'left-out'), { recursive: true });
    await writeFile(
      join(root, 'node_modules', 'left-out', 'server.py'),
      'from flask import Flask\napp = Flask(__name__)\n',
    );
    await writeFile(join(root, 'large.py'), '#'.repeat(2 ** 20 + 1));
    await writeFile(join(root, 'binary.py'), Buffer.from([0, 1, 2]));
    await writeFile(join(root, 'main.py'), '\ufefffrom flask import Flask\r\napp = Flask(__name__)\r\n');
    const detection = await detect(root);
    expect(detection.services.map(({ build }) => build.main.value)).toEqual(['main:app']);
    expect(detection.scanned.skipped).toEqual([
      { file: 'binary.py', reason: 'binary' },
      { file: 'large.py', reason: 'larger than 1 MiB' },
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});
