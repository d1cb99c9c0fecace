import { describe, expect, test } from 'vitest';
import { isBuilt, type Model, servicesOf } from '../../src/model/model.ts';
import { type Place, resolve } from '../../src/model/references.ts';
import { FIXTURES, minimal } from '../config/fixtures.ts';
import { modelOf, serviceOf } from './models.ts';

function everyObject(value: unknown, look: (object: object) => void): void {
  if (typeof value !== 'object' || value === null) return;
  look(value);
  for (const inner of Object.values(value)) everyObject(inner, look);
}

describe.each(FIXTURES)('the model of $name', ({ text }) => {
  test('is frozen throughout', () => {
    everyObject(modelOf(text), object => expect(Object.isFrozen(object)).toBe(true));
  });

  test('is the same whenever it is built', () => {
    expect(JSON.stringify(modelOf(text))).toBe(JSON.stringify(modelOf(text)));
  });

  test('resolves every reference that the configuration allows', () => {
    const model = modelOf(text);
    for (const service of model.services)
      for (const value of [...Object.values(service.env), ...service.args, ...(service.command ?? [])])
        expect(resolve(value, model, service, PLACE).join('')).not.toMatch(/undefined|NaN/);
  });
});

/** A network in which every service has its own host. */
const PLACE: Place<string> = {
  literal: text => text,
  tag: () => '<tag>',
  serviceHost: service => `${service.key}.test`,
  servicePort: service => service.port ?? 0,
  databaseHost: () => 'db.test',
  databaseUrl: () => 'postgres://db.test',
};

const HOST: Place<string> = { ...PLACE, collectorHost: () => '127.0.0.1' };

describe('references', () => {
  const model = modelOf(
    minimal(
      `  web: {image: "web:1", port: 81, ports: {admin: 82}, grpc: {port: 83}, health: {live: /, ready: /}}
domain: chat.example.com
database: {name: d, user: u, host: db.internal}
observability: {otel: {endpoint: "http://web:4318/v1", ratio: 0.5}}
`,
      'metrics: {port: 9090}\n    limits: {body: 2Mi, rps: 1.5}\n    cors: [https://a.example.com, https://b.example.com]\n    stream: {kind: sse, paths: [/s], maxDuration: 90s}\n    timeouts: {drainDelay: 500ms}',
    ),
  );
  const [api] = model.services;

  test.each<[string, string]>([
    ['name', 'chat'],
    ['tag', '<tag>'],
    ['domain', 'chat.example.com'],
    ['port', '8080'],
    ['metrics.port', '9090'],
    ['metrics.path', '/metrics'],
    ['timeouts.request', '60s'],
    ['timeouts.llm', '45s'],
    ['timeouts.drain', '95s'],
    ['timeouts.drainDelay', '500ms'],
    ['stream.maxDuration', '90s'],
    ['stream.heartbeat', '15s'],
    ['limits.body', '2097152'],
    ['limits.rps', '1.5'],
    ['cors', 'https://a.example.com,https://b.example.com'],
    ['database.url', 'postgres://db.test'],
    ['database.host', 'db.test'],
    ['database.port', '5432'],
    ['database.name', 'd'],
    ['database.user', 'u'],
    ['services.web.url', 'http://web.test:81'],
    ['services.web.host', 'web.test'],
    ['services.web.port', '81'],
    ['services.web.grpc', 'web.test:83'],
    ['services.web.ports.admin', '82'],
    // Traces go to one of the services, which every place reaches differently.
    ['otel.endpoint', 'http://web.test:4318/v1'],
    ['otel.address', 'web.test:4318'],
    ['otel.sampler', 'parentbased_traceidratio'],
    ['otel.ratio', '0.5'],
  ])('${%s} is %s', (name, value) => {
    if (!api) throw new Error('no service');
    expect(
      resolve([{ literal: '<' }, { reference: name }, { literal: '>' }], model, api, PLACE).join(''),
    ).toBe(`<${value}>`);
  });
});

test.each<[what: string, otel: string, place: Place<string>, address: string]>([
  [
    'where containers share a network',
    '{endpoint: "http://collector:4317", collector: true}',
    PLACE,
    'collector:4317',
  ],
  [
    'where it listens on this machine',
    '{endpoint: "http://collector:4317", collector: true}',
    HOST,
    '127.0.0.1:4317',
  ],
  ['of somebody else', '{endpoint: "http://collector:4317"}', HOST, 'collector:4317'],
  [
    'of a name that is known everywhere',
    '{endpoint: "https://otel.example.com:4317", collector: true}',
    HOST,
    'otel.example.com:4317',
  ],
])('the collector %s', (_, otel, place, address) => {
  const model = modelOf(minimal(`observability: {otel: ${otel}}`));
  const [api] = model.services;
  if (!api) throw new Error('no service');
  expect(resolve([{ reference: 'otel.address' }], model, api, place).join('')).toBe(address);
});

describe('names', () => {
  const units = (model: Model) => model.services.map(service => service.unit);

  test('one built service has the name itself, others add their own', () => {
    expect(units(modelOf(minimal('  cache: {image: "redis:8", port: 6379}')))).toEqual([
      'chat',
      'chat-cache',
    ]);
    expect(units(modelOf(minimal('  web: {language: go, kind: worker}')))).toEqual(['chat-api', 'chat-web']);
  });

  test.each<[string, string]>([
    ['', 'chat'],
    ['image: {registry: ghcr.io/acme}', 'ghcr.io/acme/chat'],
    ['image: {registry: ghcr.io/acme}\n  ', 'ghcr.io/acme/chat'],
  ])('%s names the repository %s', (more, repository) => {
    const [service] = modelOf(minimal(more)).services;
    expect(service && isBuilt(service) ? service.source.repository : '').toBe(repository);
  });

  test.each<[string, string]>([
    ['.', 'chat'],
    ['./cmd/server', 'server'],
    ['./cmd/server/', 'server'],
    ['./main.go', 'chat'],
    ['cmd/agent/main.go', 'agent'],
  ])('the Go program of %s is %s', (main, program) => {
    const { source } = serviceOf(`build: {main: ${main}}`);
    expect(source.kind === 'built' && source.program).toBe(program);
  });
});

describe('the rest', () => {
  test('targets carry the services that they name, in the order of the file', () => {
    const model = modelOf(
      minimal(
        '  b: {language: go, kind: worker}\n  a: {language: go, kind: worker}\ntargets: {docker: {services: [a, api]}, compose: {}}',
      ),
    );
    expect(servicesOf(model, 'docker').map(service => service.key)).toEqual(['api', 'a']);
    expect(servicesOf(model, 'compose').map(service => service.key)).toEqual(['api', 'b', 'a']);
  });

  test.each<[string, object]>([
    ['database: {name: d, user: u}', { owner: 'u_owner', tls: 'disable', backup: { dir: '/backups/chat' } }],
    ['database: {name: d, user: u, host: localhost}', { tls: 'disable' }],
    ['database: {name: d, user: u, host: db.internal}', { tls: 'verify-full' }],
    [
      'database: {name: d, user: u, host: db.internal, tls: require, owner: o}',
      { tls: 'require', owner: 'o' },
    ],
  ])('%s', (text, database) => {
    expect(modelOf(minimal(text)).database).toMatchObject(database);
  });

  test.each<[string, boolean]>([
    ['', false],
    ['dependsOn: [db]', true],
    ['secrets: [{name: URL, from: database}]', true],
  ])('%s uses the database: %s', (lines, uses) => {
    expect(serviceOf(lines, 'database: {name: d, user: u}').dependsOn.database).toBe(uses);
  });

  test('egress is split at its port', () => {
    expect(serviceOf('egress: [api.openai.com:443, "10.0.0.1:6379"]').egress).toEqual([
      { host: 'api.openai.com', port: 443 },
      { host: '10.0.0.1', port: 6379 },
    ]);
  });

  test('an environment is named', () => {
    expect(modelOf(minimal('environments: {staging: {domain: s.example.com}}'), 'staging')).toMatchObject({
      environment: 'staging',
      domain: 's.example.com',
    });
  });
});
