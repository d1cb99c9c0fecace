import { describe, expect, test } from 'vitest';
import { mergeOver } from '../../src/config/environments.ts';
import { chooseEnvironment, loadConfig } from '../../src/config/load.ts';
import { bytes, minimal } from './fixtures.ts';

describe('an environment is merged over the file', () => {
  test.each<[string, unknown, unknown, unknown]>([
    ['mappings merge', { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    ['new keys come in', { a: 1 }, { b: { c: 2 } }, { a: 1, b: { c: 2 } }],
    ['lists replace', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['values replace', { a: 1 }, { a: 'x' }, { a: 'x' }],
    ['a mapping replaces a value', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['a value replaces a mapping', { a: { b: 2 } }, { a: false }, { a: false }],
    ['null removes', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ['null removes what is not there', { a: 1 }, { b: null }, { a: 1 }],
    ['null removes a whole section', { a: { b: 1 } }, { a: null }, {}],
    [
      'replicas replace a range',
      { scale: { min: 1, max: 3, cpu: '70%' } },
      { scale: { replicas: 2 } },
      { scale: { replicas: 2 } },
    ],
    [
      'a range replaces replicas',
      { scale: { replicas: 2 } },
      { scale: { min: 1, max: 3 } },
      { scale: { min: 1, max: 3 } },
    ],
    [
      'a range’s parts merge',
      { scale: { min: 1, max: 3, memory: '80%' } },
      { scale: { max: 5 } },
      { scale: { min: 1, max: 5, memory: '80%' } },
    ],
    [
      'another kind of exposure replaces the first',
      { expose: { kind: 'gateway', gateway: 'a/b' } },
      { expose: { kind: 'ingress' } },
      { expose: { kind: 'ingress' } },
    ],
    [
      'the same kind merges',
      { expose: { kind: 'ingress', class: 'nginx' } },
      { expose: { kind: 'ingress', auth: 'basic' } },
      { expose: { kind: 'ingress', class: 'nginx', auth: 'basic' } },
    ],
    [
      'a form written without its kind',
      { expose: { kind: 'ingress', class: 'nginx' } },
      { expose: { gateway: 'a/b' } },
      { expose: { gateway: 'a/b' } },
    ],
    ['a word replaces a form', { expose: { kind: 'ingress' } }, { expose: 'none' }, { expose: 'none' }],
  ])('%s', (_, base, over, merged) => {
    const before = structuredClone([base, over]);
    expect(mergeOver(base, over)).toEqual(merged);
    expect([base, over]).toEqual(before);
  });

  test('keys of every object are ordinary keys', () => {
    const over = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    expect(Object.keys(mergeOver({}, over) as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a project', () => {
  const project = loadConfig(
    'aideploy.yaml',
    bytes(
      minimal(
        `domain: chat.example.com
environments:
  staging:
    domain: staging.chat.example.com
    services:
      api: {env: {LEVEL: debug, ONLY: null}, scale: {replicas: 1}, stream: {kind: none}}
      mock: {image: "mock:1.2", port: 81, health: {live: /, ready: /}}
  bare: {domain: null}
  production:
`,
        'env: {LEVEL: info, ONLY: here, KEPT: 1.10}\n    scale: {min: 2, max: 4}',
      ),
    ),
  );
  const env = (name: string | undefined) => chooseEnvironment(project, name).services['api']?.env;

  test('is the base without an environment', () => {
    expect(chooseEnvironment(project, undefined)).toMatchObject({ domain: 'chat.example.com' });
    expect(Object.keys(env(undefined) ?? {})).toEqual(['LEVEL', 'ONLY', 'KEPT']);
  });

  test('differs where the environment says so, and keeps the rest as it is written', () => {
    const staging = chooseEnvironment(project, 'staging');
    expect(staging.domain).toBe('staging.chat.example.com');
    expect(env('staging')).toEqual({ LEVEL: [{ literal: 'debug' }], KEPT: [{ literal: '1.10' }] });
    expect(staging.services['api']?.scale).toEqual({ replicas: 1 });
    expect(Object.keys(staging.services)).toEqual(['api', 'mock']);
    expect(chooseEnvironment(project, 'bare').domain).toBeUndefined();
  });

  test('is the base where the environment says nothing', () => {
    expect(chooseEnvironment(project, 'production')).toEqual(project.base);
  });

  test.each<[string, string]>([
    ['stagin', 'no environment "stagin"; did you mean "staging"?'],
    ['zzz', 'no environment "zzz"; known: staging, bare, production'],
    ['constructor', 'no environment "constructor"; known: staging, bare, production'],
  ])('has no environment %s', (name, message) => {
    expect(() => chooseEnvironment(project, name)).toThrow(message);
  });

  test('says so where it has none', () => {
    expect(() => chooseEnvironment(loadConfig('a', bytes(minimal())), 'x')).toThrow(
      'no environment "x"; the file has none',
    );
  });
});
