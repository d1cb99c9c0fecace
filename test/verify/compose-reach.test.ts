import { afterEach, expect, test, vi } from 'vitest';
import { composeReach } from '../../src/verify/compose-reach.ts';
import { endpointsOf, type Reach } from '../../src/verify/endpoints.ts';
import { modelOf } from '../model/models.ts';
import { tools } from './tools.ts';

const REACH: Reach = { url: undefined, connectTo: undefined, ca: undefined, token: undefined };

const yaml = (domain = '') => `version: 1
name: chat
${domain}
services:
  api:
    language: go
    port: 8080
    public: true
    health: {live: /live, ready: /ready}
  tools:
    language: go
    port: 8081
    grpc: {port: 50051}
    health: {live: /live, ready: /ready}
  ollama:
    image: ollama/ollama:0.12.6
    port: 11434
    health: {live: /, ready: /api/tags}
targets: {compose: {}}
`;

const container = (service: string, address: string, Ports: object, Status = 'running') => ({
  Id: service,
  Name: `/chat-${service}-1`,
  Image: 'sha256:0',
  RestartCount: 0,
  State: { Status, ExitCode: 0, OOMKilled: false, Error: '', StartedAt: '2026-01-01T00:00:00Z' },
  Config: { Image: service, Labels: { 'com.docker.compose.service': service } },
  NetworkSettings: { Networks: { chat_default: { IPAddress: address } }, Ports },
});

/** The api on its port of this machine, the tools on none, no Ollama that runs. */
const CONTAINERS = [
  container('api', '172.18.0.2', { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] }),
  container('tools', '172.18.0.3', { '8081/tcp': null, '50051/tcp': null }),
  container('ollama', '', {}, 'exited'),
];

async function seen(domain?: string, url?: string) {
  await tools({
    docker: [
      { asked: /^ps /, stdout: 'api\ntools\nollama\n' },
      { asked: /^inspect /, stdout: JSON.stringify(CONTAINERS) },
    ],
  });
  const model = modelOf(yaml(domain));
  const said = { ...REACH, url: url === undefined ? undefined : new URL(url) };
  const reach = await composeReach(model, said, new AbortController().signal);
  return endpointsOf(model, reach).map(({ service, access, grpc }) =>
    [service, access.base.origin, grpc?.url.origin].filter(part => part !== undefined),
  );
}

afterEach(() => vi.unstubAllEnvs());

test.skipIf(process.platform !== 'linux')('what is published nowhere answers at its container', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///run/docker.sock');
  expect(await seen()).toEqual([
    ['api', 'http://127.0.0.1:8080'],
    ['tools', 'http://172.18.0.3:8081', 'http://172.18.0.3:50051'],
    // Where it does not run, it is missed.
    ['ollama', 'http://127.0.0.1:11434'],
  ]);
});

test('and nowhere, where containers are on a network of another machine', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:2375');
  expect(await seen()).toEqual([
    ['api', 'http://127.0.0.1:8080'],
    ['ollama', 'http://127.0.0.1:11434'],
  ]);
});

test.each([
  ['domain: chat.example.com', undefined, 'https://chat.example.com'],
  [undefined, 'http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
])('a domain or an address that is given goes before', async (domain, url, origin) => {
  expect(await seen(domain, url)).toEqual([['api', origin]]);
});
