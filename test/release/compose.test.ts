/** What of a compose file decides how it is deployed, without an engine. */
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { hostStore } from '../../src/release/store/host.ts';
import { unitsIn } from '../../src/release/strategies/compose/file.ts';
import { inspect } from '../../src/release/strategies/compose/inspect.ts';
import { releaseOf } from './sample.ts';
import { saying } from './saying.ts';

const signal = new AbortController().signal;
const units = (services: object, tag = 'v1') =>
  unitsIn([{ path: 'compose.prod.yaml', content: stringify({ services }), mode: 0o644 }], tag);

describe('two of a service', () => {
  it.each([
    ['nothing is in the way', {}, undefined],
    ['a port of its choice', { ports: ['127.0.0.1::8080', '9090'] }, undefined],
    ['a file of the project', { volumes: [{ type: 'bind', source: './a', target: '/a' }] }, undefined],
    ['a port of the host', { ports: ['127.0.0.1:8080:8080'] }, 'the port 127.0.0.1:8080:8080'],
    ['a port of every address', { ports: ['8080:80'] }, 'the port 8080:80'],
    ['a port in long form', { ports: [{ target: 80, published: '8080' }] }, 'the port 8080:'],
    ['a name', { container_name: 'api' }, 'the name api'],
    ['the network of the host', { network_mode: 'host' }, "the host's network"],
    ['a volume', { volumes: [{ type: 'volume', source: 'data', target: '/data' }] }, 'its volume'],
    [
      'a device',
      { deploy: { resources: { reservations: { devices: [{ driver: 'nvidia' }] } } } },
      'its device',
    ],
  ])('%s', (_, entry, alone) => {
    expect(units({ api: entry })[0]?.alone).toBe(alone);
  });
});

describe('the order', () => {
  it('has what others need first, and migrations before all that reads the schema', () => {
    const found = units({
      worker: {},
      api: { depends_on: { db: {}, migrate: {}, cache: {} } },
      cache: {},
      db: {},
      migrate: { restart: 'no', depends_on: ['db'] },
      job: { restart: 'no', profiles: ['jobs'] },
    });
    expect(found.map(({ name }) => name)).toEqual(['db', 'migrate', 'worker', 'cache', 'api', 'job']);
    expect(found.filter(({ task }) => task).map(({ name }) => name)).toEqual(['migrate']);
    expect(found.filter(({ manual }) => manual).map(({ name }) => name)).toEqual(['job']);
  });

  it('is found where services need each other', () => {
    expect(units({ a: { depends_on: ['b'] }, b: { depends_on: ['a'] } })).toHaveLength(2);
  });
});

describe('an image', () => {
  it.each([
    ['r.io/a:${AIDEPLOY_TAG:?the version to run, such as 1.4.2}', 'r.io/a:v1'],
    ['r.io/a:${AIDEPLOY_TAG}', 'r.io/a:v1'],
    ['r.io/a:${AIDEPLOY_TAG-dev}', 'r.io/a:v1'],
    ['postgres:15-bookworm', 'postgres:15-bookworm'],
    ['r.io/${OTHER}:1', 'r.io/${OTHER}:1'],
  ])('%s', (image, expected) => {
    expect(units({ api: { image } })[0]?.image).toBe(expected);
  });
});

describe('what runs', () => {
  const [one, two] = [
    releaseOf('v1', { images: { api: 'a@sha256:1', worker: 'w@sha256:1', db: 'd@sha256:0' } }),
    releaseOf('v2', { sequence: 2, images: { api: 'a@sha256:2', worker: 'w@sha256:2', db: 'd@sha256:0' } }),
  ];
  const container = (service: string, image: string, state = 'running') => ({
    Id: service,
    Name: `/${service}`,
    Image: image,
    RestartCount: 0,
    State: { Status: state, ExitCode: 0, OOMKilled: false, Error: '', StartedAt: '2026-01-01T00:00:00Z' },
    Config: { Image: image, Labels: { 'com.docker.compose.service': service }, Env: [] },
    NetworkSettings: { Networks: {} },
  });
  const look = (link: string, containers: readonly object[], writable = 'yes') => {
    const machine = saying([
      [/^docker ps/, containers.map((_, i) => i).join('\n')],
      [/^docker inspect/, JSON.stringify(containers)],
      [/readlink/, `${link}\n${writable}\n`],
    ]);
    const store = { ...hostStore(machine, '/s'), releases: async () => ({ value: [one, two] }) };
    const place = { machine, project: 'p', deployment: 'p', state: '/s', make: 'make it', settings: '/p' };
    return inspect(place, store, signal);
  };
  const db = container('db', 'd@sha256:0');

  it.each([
    [
      'one release',
      'v1/files',
      [db, container('api', 'a@sha256:1'), container('worker', 'w@sha256:1')],
      'v1',
    ],
    [
      'the former, though the link leads on already',
      'v2/files',
      [db, container('api', 'a@sha256:1'), container('worker', 'w@sha256:1')],
      'v1',
    ],
    [
      'half of each',
      'v2/files',
      [db, container('api', 'a@sha256:2'), container('worker', 'w@sha256:1')],
      'v2',
    ],
    [
      'half of each, without a link',
      'none',
      [container('api', 'a@sha256:2'), container('worker', 'w@sha256:1')],
      'v2',
    ],
    ['something else', 'v2/files', [container('api', 'a:latest')], undefined],
    ['nothing but what ended', 'v2/files', [container('api', 'a@sha256:2', 'exited')], undefined],
  ])('%s', async (_, link, containers, current) => {
    expect(await look(link, containers)).toEqual({
      value: { current, empty: !containers.some(({ State }) => State.Status === 'running') },
    });
  });

  it('is not looked at where nothing could be recorded', async () => {
    expect(await look('none', [], 'no')).toEqual({
      obstacle: { why: '/s on a machine cannot be written', next: 'make it' },
    });
  });
});
