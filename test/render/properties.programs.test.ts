import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isProperty } from '../../src/render/escape/properties.ts';
import { need } from '../judges/judges.ts';
import { kustomize } from '../judges/kubernetes.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const SOURCE = '# {{comment}}\n{{#each variables as |each|}}\n{{each.name}}={{each.value}}\n{{/each}}\n';
const folder = mkdtempSync(join(tmpdir(), 'aideploy-properties-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(need('kubectl'))('NAME=value lines', () => {
  test('kustomize reads every text of one line back', async () => {
    const texts = sampleTexts(runs(500)).filter(
      // What kustomize writes is YAML 1.1, where these end lines; the reader here knows 1.2.
      text => isProperty(text) && !/[\u2028\u2029]/.test(text),
    );
    expect(texts.length).toBeGreaterThan(100);
    const variables = texts.map((value, index) => ({ name: `V${index}`, value }));
    writeFileSync(
      join(folder, 'a.properties'),
      renderOnce('t/a.properties', SOURCE, { comment: 'c', variables }),
    );
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      'configMapGenerator: [{name: a, envs: [a.properties]}]\n',
    );
    const { data } = parse(await kustomize(folder)) as { data: Record<string, string> };
    expect(data).toEqual(Object.fromEntries(variables.map(({ name, value }) => [name, value])));
  });
});

test.each([
  ['a line end', { name: 'A', value: 'a\nb' }, /no line ends or control characters/],
  ['what YAML has no place for', { name: 'A', value: 'a\u007f' }, /no line ends or control characters/],
  ['a name with a blank', { name: 'A B', value: '' }, /a name is letters/],
])('refuses %s', (_, variable, message) => {
  expect(() => renderOnce('t/a.properties', SOURCE, { comment: 'c', variables: [variable] })).toThrow(
    message,
  );
});

test('a value is all that stands behind the =', () => {
  expect(() => renderOnce('t/a.properties', 'A=x{{value}}\n', { value: 'b' })).toThrow(
    'only NAME=value lines',
  );
});
