import { describe, expect, test } from 'vitest';
import { instructions, readDockerfile } from '../../src/detect/existing/dockerfile.ts';
import { readEnvExample } from '../../src/detect/existing/plain.ts';
import { expectFacts, fixture } from './facts.ts';

test('existing files complete what the source leaves open', async () => {
  const detection = await expectFacts(fixture('existing-files'), {
    'api.port': '8085 @ Dockerfile:12',
    'api.portEnv': '{"name":"SERVER_PORT","form":"${port}"} @ main.go:16',
    'api.user': '{"uid":65532,"gid":65532} @ Dockerfile:13',
    'api.version': '1.25 @ go.mod:3',
    'api.health.live': '~/internal/alive @ k8s/deployment.yaml:14',
    'api.health.ready': '~/internal/ready @ k8s/deployment.yaml:17',
    'api.env.OLLAMA_URL': 'default http://localhost:11434 @ main.go:9 .env.example:2',
    'api.env.SERVER_PORT': 'default 8085 @ .env.example:4',
    'database.version': '16 @ docker-compose.yml:18',
    'database.name': 'desk @ docker-compose.yml:18',
    'database.user': 'desk_app @ docker-compose.yml:18',
    domain: 'desk.acme.io @ k8s/deployment.yaml:22',
    namespace: 'support @ k8s/deployment.yaml:4',
    registry: '~ghcr.io/acme @ .github/workflows/release.yml:7',
    'thirdParty.0.image': 'ollama/ollama:0.12.6 @ docker-compose.yml:10',
    'thirdParty.0.port': '~11434 @ docker-compose.yml:10',
  });
  expect(detection.services[0]?.routes.map(({ value }) => value.path)).toEqual(['/ask']);
  expect(detection.services[0]?.env.find(({ name }) => name === 'OLLAMA_URL')?.comment).toBe(
    'Where models are served',
  );
  expect(detection.existing).toMatchObject({
    envExamples: ['.env.example'],
    workflows: ['.github/workflows/release.yml'],
    units: [
      { file: 'deploy/desk.service', execStart: '/opt/desk/bin/desk', user: 'desk', stopTimeout: '90' },
    ],
  });
  expect(detection.notes.map(({ message }) => message)).toContain(
    'redis names no version, so it is left out of the draft',
  );
});

test('no secret of any file is repeated', async () => {
  const text = JSON.stringify(await expectFacts(fixture('existing-files'), {}));
  for (const secret of ['sk-example', 'sk-not-to-be-copied', 'hunter2']) expect(text).not.toContain(secret);
});

describe('Dockerfile', () => {
  test.each([
    ['continued over a comment', 'RUN a \\\n# why\n  b\nUSER 1\n', ['RUN a b', 'USER 1']],
    ['a here-document', 'RUN <<EOF\nUSER 0\nEOF\nUSER 7\n', ['RUN <<EOF', 'USER 7']],
    ['lower case, no end of line', 'from scratch', ['FROM scratch']],
  ])('%s', (_, text, expected) => {
    expect(instructions(text).map(({ name, value }) => `${name} ${value}`)).toEqual(expected);
  });

  test('the last stage is the image', () => {
    const read = readDockerfile(
      'Dockerfile',
      'ARG V=22\nFROM node:${V} AS build\nUSER 5\nEXPOSE 1\nFROM node:${V}-slim\nEXPOSE 3000/tcp 9090\nCMD node server.js --port 3000\n',
    );
    expect(read.bases.map(({ image }) => image)).toEqual(['node:22', 'node:22-slim']);
    expect(read.expose.map(({ value }) => value)).toEqual([3000, 9090]);
    expect(read.user).toBeUndefined();
    expect(read.command?.value).toEqual(['node', 'server.js', '--port', '3000']);
  });
});

test('.env.example: comments, quotes, and no value of a secret', () => {
  const text =
    '# Model\n# to ask\nMODEL="gpt 4" # any\n\nAPI_TOKEN=abc\n# OPTIONAL_FLAG=1\nexport REGION=eu\nURL=postgres://u:p@h/d\n';
  const read = readEnvExample('.env.example', text).map(({ evidence: [place], ...rest }) => ({
    ...rest,
    line: place?.line,
  }));
  expect(read).toEqual([
    { name: 'MODEL', default: 'gpt 4', required: false, secret: false, comment: 'any', line: 3 },
    { name: 'API_TOKEN', required: false, secret: true, line: 5 },
    { name: 'OPTIONAL_FLAG', default: '1', required: false, secret: false, line: 6 },
    { name: 'REGION', default: 'eu', required: false, secret: false, line: 7 },
    { name: 'URL', required: false, secret: true, line: 8 },
  ]);
});
