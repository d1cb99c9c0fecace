import { describe, expect, test } from 'vitest';
import { valueAt } from '../../src/config/issues.ts';
import { loadConfig } from '../../src/config/load.ts';
import { bytes, minimal } from './fixtures.ts';

const MINUTE = 60_000;
const MIB = 2 ** 20;

const sections = `database: {name: a, user: b}
observability: {otel: {endpoint: "http://c:4318"}, logs: {forward: {to: "l:6514"}}}
targets:
  compose:
  systemd:
  nginx:
  windows:
  kubernetes: {expose: {kind: ingress}}
  cloudrun: {project: my-project, region: us-central1}
  github:
`;
const service =
  'stream: {kind: sse, paths: [/s]}\n    smoke: [{name: a, path: /}]\n    volumes: [{name: v, path: /v}]\n    grpc: {port: 9}';
const { base } = loadConfig('aideploy.yaml', bytes(minimal(sections, service)));
const bare = loadConfig('aideploy.yaml', bytes(minimal())).base;

const at = (root: unknown, path: string) => valueAt(root, path.split('.'));

describe('what is left out', () => {
  test.each<[string, unknown]>([
    ['image.tag', undefined],
    ['image.registry', undefined],
    ['image.platforms', ['linux/amd64', 'linux/arm64']],
    ['domain', undefined],
    ['services.api.kind', 'http'],
    ['services.api.version', undefined],
    ['services.api.build.context', '.'],
    ['services.api.build.binaries', []],
    ['services.api.build.base', {}],
    ['services.api.args', []],
    ['services.api.ports', {}],
    ['services.api.metrics', false],
    ['services.api.grpc.tls', false],
    ['services.api.health.startup', undefined],
    ['services.api.health.deep', undefined],
    ['services.api.stream.maxDuration', 5 * MINUTE],
    ['services.api.stream.heartbeat', 15_000],
    ['services.api.stream.firstEvent', 30_000],
    ['services.api.stream.idle', MINUTE],
    ['services.api.timeouts.request', MINUTE],
    ['services.api.timeouts.llm', undefined],
    ['services.api.timeouts.startup', MINUTE],
    ['services.api.timeouts.drain', undefined],
    ['services.api.timeouts.drainDelay', 10_000],
    ['services.api.limits.body', MIB],
    ['services.api.limits.rps', undefined],
    ['services.api.limits.concurrency', undefined],
    ['services.api.resources.cpu', {}],
    ['services.api.resources.memory', {}],
    ['services.api.scale', { replicas: 1 }],
    ['services.api.workers.load', 'io'],
    ['services.api.workers.memory', 200 * MIB],
    ['services.api.workers.maxRequests', undefined],
    ['services.api.env', {}],
    ['services.api.secrets', []],
    ['services.api.user', { uid: 10_001, gid: 10_001 }],
    ['services.api.volumes.0.size', 1024 * MIB],
    ['services.api.public', false],
    ['services.api.smoke.0.method', 'GET'],
    ['services.api.smoke.0.expect.status', 200],
    ['services.api.smoke.0.within', 30_000],
    ['services.api.smoke.0.paid', false],
    ['database.engine', 'postgres'],
    ['database.version', '15'],
    ['database.port', 5432],
    ['database.host', undefined],
    ['database.migrations', undefined],
    ['database.backup.schedule', '0 2 * * *'],
    ['database.backup.keepDays', 30],
    ['database.backup.keepAtLeast', 7],
    ['observability.metrics.family', 'ai'],
    ['observability.content', 'off'],
    ['observability.otel.collector', false],
    ['observability.otel.sampler', 'parentbased_traceidratio'],
    ['observability.otel.ratio', 0.1],
    ['observability.logs.forward.tls', true],
    [
      'observability.objectives',
      { latencyP95: 3_000, errorRate: 0.01, availability: 0.999, cpu: 0.8, memory: 0.85, disk: 0.85 },
    ],
    ['targets.compose.secrets', 'env'],
    ['targets.systemd.keepReleases', 5],
    ['targets.systemd.instances', 1],
    ['targets.nginx.acme', true],
    ['targets.windows.as', 'nssm'],
    ['targets.kubernetes.networkPolicy', true],
    ['targets.kubernetes.monitor', true],
    ['targets.kubernetes.version', '1.34'],
    ['targets.kubernetes.expose', { kind: 'ingress', class: 'nginx', auth: 'none' }],
    ['targets.cloudrun.public', false],
    ['targets.cloudrun.min', 0],
    ['targets.cloudrun.max', 10],
    ['targets.cloudrun.cpu', 1_000],
    ['targets.cloudrun.ingress', 'all'],
    ['targets.cloudrun.vpcConnector', null],
    ['targets.cloudrun.port', 'http'],
    ['targets.github.workflows', ['ci', 'release']],
    ['targets.github.branch', 'main'],
    ['verify', { attempts: 30, interval: 2_000, timeout: 5_000, samples: 50, concurrency: 5 }],
    ['patches', []],
    ['check.ignore', []],
  ])('%s is %j', (path, value) => {
    expect(at(base, path)).toEqual(value);
  });

  test('sections that were not asked for are not there', () => {
    expect(bare).toMatchObject({ targets: { docker: {}, compose: { secrets: 'env' } }, environments: {} });
    expect([bare.database, bare.observability.otel, bare.observability.logs.forward]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what is written', () => {
  const read = (lines: string) => loadConfig('aideploy.yaml', bytes(minimal('', lines))).base.services['api'];

  test.each<[string, number]>([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5s', 1_500],
    ['5m', 5 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1d', 24 * 60 * MINUTE],
  ])('the duration %s is %i ms', (text, value) => {
    expect(read(`timeouts: {request: ${text}, llm: 1ms}`)?.timeouts.request).toBe(value);
  });

  test.each<[string, number]>([
    ['1B', 1],
    ['1k', 1_000],
    ['256Ki', 2 ** 18],
    ['1.5Mi', 1.5 * MIB],
    ['2G', 2e9],
    ['2Gi', 2 ** 31],
    ['1Ti', 2 ** 40],
  ])('the size %s is %i bytes', (text, value) => {
    expect(read(`limits: {body: ${text}}`)?.limits.body).toBe(value);
  });

  test.each<[string, number]>([
    ['250m', 250],
    ['1', 1_000],
    ['1.5', 1_500],
    ['"2"', 2_000],
    ['0.001', 1],
  ])('the CPU %s is %i millicores', (text, value) => {
    expect(read(`resources: {cpu: {limit: ${text}}}`)?.resources.cpu.limit).toBe(value);
  });

  test.each<[string, string]>([
    ['1.10', '1.10'],
    ['0755', '0755'],
    ['0x1F', '0x1F'],
    ['1e3', '1e3'],
    ['True', 'True'],
    ['12345678901234567890', '12345678901234567890'],
    ['yes', 'yes'],
    ['"null"', 'null'],
    ['.inf', '.inf'],
  ])('the variable %s reaches the program as it stands', (text, value) => {
    expect(read(`env: {A: ${text}}`)?.env['A']).toEqual([{ literal: value }]);
  });

  test.each<[string, object[]]>([
    ['a', [{ literal: 'a' }]],
    ['${port}', [{ reference: 'port' }]],
    ['http://x:${ port }/', [{ literal: 'http://x:' }, { reference: 'port' }, { literal: '/' }]],
    ['$${port}', [{ literal: '${port}' }]],
    ['$$${port}', [{ literal: '$${port}' }]],
    ['$port $$ ${', [{ literal: '$port $$ ${' }]],
    ['$${port}${port}', [{ literal: '${port}' }, { reference: 'port' }]],
  ])('the text %s is told apart', (text, pieces) => {
    expect(read(`args: ['${text}']`)?.args[0]).toEqual(pieces);
  });

  test('short streams have short defaults, and never contradict what was written', () => {
    expect(read('stream: {kind: sse, paths: [/s], maxDuration: 20s}')?.stream).toMatchObject({
      heartbeat: 5_000,
      firstEvent: 10_000,
      idle: 10_000,
    });
    expect(read('stream: {kind: sse, paths: [/s], heartbeat: 2m}')?.stream).toMatchObject({
      heartbeat: 120_000,
      idle: 150_000,
    });
  });
});
