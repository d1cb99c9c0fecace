import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { fewestReplicas, hasSecrets, overlayOf, workloadOf } from '../../src/model/cluster.ts';
import { bytes, minimal } from '../config/fixtures.ts';
import { modelOf, serviceOf } from './models.ts';

describe('the environments of a project', () => {
  test.each<[more: string, namespaces: Record<string, string>]>([
    ['', { production: 'chat' }],
    ['environments: {staging: {}}', { staging: 'chat-staging', production: 'chat' }],
    ['environments: {production: {}, test: {}}', { production: 'chat', test: 'chat-test' }],
    [
      'targets: {kubernetes: {namespace: shop}}\nenvironments: {staging: {}}',
      { staging: 'shop-staging', production: 'shop' },
    ],
    [
      'environments: {staging: {targets: {kubernetes: {namespace: elsewhere}}}}',
      { staging: 'elsewhere', production: 'chat' },
    ],
    ['environments: {production: {targets: {kubernetes: {namespace: live}}}}', { production: 'live' }],
  ])('%s: each has its namespace, and production is always there', (more, namespaces) => {
    const { environments } = modelOf(minimal(more));
    expect(Object.fromEntries(environments.map(each => [each.environment, each.namespace]))).toEqual(
      namespaces,
    );
  });

  const STAGING = 'environments: {staging: {domain: staging.example.com}, production: {}}';

  test.each([undefined, 'staging', 'production'])('are the same whichever is chosen: %s', environment => {
    const model = modelOf(minimal(STAGING), environment);
    expect(model.environment).toBe(environment);
    expect(model.base.domain).toBeUndefined();
    expect(model.environments.map(each => each.domain)).toEqual(['staging.example.com', undefined]);
    expect(overlayOf(model)).toBe(`deploy/k8s/overlays/${environment ?? 'production'}`);
  });

  test('the file itself is what runs in production, wherever that is', () => {
    const text = minimal('environments: {production: {targets: {kubernetes: {namespace: live}}}}');
    expect(modelOf(text).namespace).toBe('live');
    expect(modelOf(text, 'production').namespace).toBe('live');
  });

  test('a tag from outside is that of all of them', () => {
    const project = loadConfig(
      'aideploy.yaml',
      bytes(minimal('environments: {staging: {image: {tag: 1.0.0}}}')),
    );
    const model = buildModel(project, undefined, { tag: '2.0.0' });
    expect([model, model.base, ...model.environments].map(each => each.image.tag)).toEqual(
      Array(4).fill('2.0.0'),
    );
  });

  test('files hold what was read of them', () => {
    const lines = 'files: [{path: /etc/a, source: a}, {path: /etc/b, source: b}]';
    const project = loadConfig('aideploy.yaml', bytes(minimal('', lines)));
    const { services } = buildModel(project, undefined, { sources: new Map([['a', 'text']]) });
    expect(services[0]?.files.map(({ content }) => content)).toEqual(['text', undefined]);
  });
});

describe('what others need to know of the cluster', () => {
  test.each([
    ['', 'deployment/chat', 1],
    ['scale: {replicas: 4}', 'deployment/chat', 4],
    ['scale: {min: 0, max: 4}', 'deployment/chat', 1],
    ['scale: {min: 2, max: 4}', 'deployment/chat', 2],
    ['volumes: [{name: a, path: /a}]', 'statefulset/chat', 1],
  ])('%s is a %s of %d', (lines, workload, replicas) => {
    const service = serviceOf(lines);
    expect([workloadOf(service), fewestReplicas(service)]).toEqual([workload, replicas]);
  });

  test.each([
    ['', '', false],
    ['secrets: [API_KEY]', '', true],
    ['public: true', 'targets: {kubernetes: {expose: {kind: ingress, auth: basic}}}', true],
    ['dependsOn: [db]', 'database: {name: a, user: b}', true],
    ['dependsOn: [db]', 'database: {name: a, user: b, host: db.internal}', false],
    [
      'dependsOn: [db]',
      'database: {name: a, user: b, host: db.internal, migrations: {run: command, command: [/server, migrate]}}',
      true,
    ],
  ])('%s %s: there are Secrets to fill: %s', (lines, more, needed) => {
    expect(hasSecrets(modelOf(minimal(more, lines)))).toBe(needed);
  });
});
