import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { HOVER } from '../../src/config/hover.ts';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { FIXTURES, minimal } from './fixtures.ts';

const schema = jsonSchema();
const validate = new Ajv({ strict: false, allErrors: true, formats: { date: true } }).compile(schema);

function accepts(text: string): boolean {
  // Merge keys are YAML's own; an editor's validator sees what they stand for.
  return validate(parse(text, { merge: true }));
}

describe('the JSON Schema', () => {
  test('is a valid schema of its draft', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: expect.stringMatching(/^urn:/),
      title: 'aideploy.yaml',
    });
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
  });

  test.each(FIXTURES)('accepts $name', ({ text }) => {
    accepts(text);
    expect(validate.errors).toBeNull();
  });

  test.each<[string, string]>([
    ['an empty section', 'targets: {docker: , compose: }'],
    ['an empty environment', 'environments: {production: }'],
    ['part of a section in an environment', 'environments: {staging: {services: {api: {scale: {max: 3}}}}}'],
    [
      'null that removes, in an environment',
      'environments: {staging: {domain: null, services: {api: {health: {deep: null}}}}}',
    ],
    ['a service of an environment alone', 'environments: {staging: {services: {mock: {image: "mock:1.0"}}}}'],
  ])('accepts %s', (_, more) => {
    accepts(minimal(more));
    expect(validate.errors).toBeNull();
  });

  test.each<[string, string]>([
    ['an unknown key', 'domian: a.example.com'],
    ['an unknown target', 'targets: {kubernets: {}}'],
    ['a bare number for a duration', 'verify: {interval: 2}'],
    ['a duration without unit', 'verify: {interval: "2"}'],
    ['a share without percent', 'observability: {objectives: {errorRate: 0.01}}'],
    ['a port out of range', 'database: {name: a, user: b, port: 70000}'],
    ['a wrong word', 'observability: {content: some}'],
    ['a missing key', 'database: {name: a}'],
    ['an unknown key in an environment', 'environments: {staging: {servces: {}}}'],
    ['a bare number in an environment', 'environments: {staging: {verify: {interval: 2}}}'],
    ['environments in an environment', 'environments: {staging: {environments: {}}}'],
    ['a list for a mapping', 'observability: [1]'],
    ['a path that leaves the project', 'patches: [{file: "", set: {}}]'],
  ])('refuses %s', (_, more) => {
    expect(accepts(minimal(more))).toBe(false);
  });

  test('refuses other versions, and names that are no labels', () => {
    expect(accepts(minimal().replace('version: 1', 'version: 2'))).toBe(false);
    expect(accepts(minimal().replace('name: chat', 'name: Chat'))).toBe(false);
    expect(accepts(minimal().replace('port: 8080', 'port: "8080"'))).toBe(false);
  });
});

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Record<string, Node>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every key that a file can have, as `services.*.port`. */
function keysOf(node: Node, path: readonly string[] = []): [string, Node][] {
  const below = Object.entries(node.properties ?? {}).flatMap(([key, each]): [string, Node][] => [
    [[...path, key].join('.'), each],
    ...keysOf(each, [...path, key]),
  ]);
  const any =
    typeof node.additionalProperties === 'object' ? keysOf(node.additionalProperties, [...path, '*']) : [];
  const items = node.items ? keysOf(node.items, [...path, '[]']) : [];
  return [...below, ...any, ...items, ...(node.anyOf ?? []).flatMap(each => keysOf(each, path))];
}

describe('what an editor shows', () => {
  const keys = keysOf(schema).filter(([key]) => !key.startsWith('environments.'));
  const byKey = new Map(keys);

  test('every key says what it is', () => {
    expect(keys.filter(([, node]) => !node.description).map(([key]) => key)).toEqual([]);
    expect(keys.length).toBeGreaterThan(200);
  });

  test('nothing describes a key that is not there', () => {
    expect(Object.keys(HOVER).filter(key => !byKey.has(key))).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['services.*.timeouts.request', '1m'],
    ['services.*.timeouts.drainDelay', '10s'],
    ['services.*.stream.maxDuration', '5m'],
    ['services.*.limits.body', '1Mi'],
    ['services.*.workers.memory', '200Mi'],
    ['services.*.scale.cpu', '70%'],
    ['observability.objectives.availability', '99.9%'],
    ['targets.cloudrun.cpu', 1],
    ['services.*.kind', 'http'],
    ['database.version', '15'],
  ])('the default of %s is written as in a file: %s', (key, value) => {
    expect(byKey.get(key)?.default).toBe(value);
  });

  test('defaults are values that the schema accepts', () => {
    for (const [key, node] of keys)
      if (node.default !== undefined)
        expect(
          new Ajv({ strict: false, formats: { date: true } }).validate(
            { ...node, definitions: (schema as { definitions?: object }).definitions },
            node.default,
          ),
          key,
        ).toBe(true);
  });
});
