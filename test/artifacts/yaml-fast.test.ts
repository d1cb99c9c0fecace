import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/artifacts/text.ts';
import type { YamlNode } from '../../src/artifacts/yaml.ts';
import { readPlainYaml } from '../../src/artifacts/yaml-fast.ts';
import { readAnyYaml } from '../../src/artifacts/yaml-reader.ts';
import { SEEDS } from '../check/seeds.ts';
import { SEED } from '../render/runs.ts';

const tests = fileURLToPath(new URL('..', import.meta.url));
const RUNS = process.env['AIDEPLOY_DEEP'] ? 100_000 : 5_000;

/** What a reader must agree on: every value, how it is written, and where. Where nothing stands has no place. */
function facts(node: YamlNode): unknown {
  if (node.kind === 'list') return { start: node.start, items: node.items.map(facts) };
  if (node.kind === 'map')
    return {
      start: node.start,
      entries: [...node.entries].map(([name, { key, value }]) => [name, facts(key), facts(value)]),
    };
  const { value, source, plain, block } = node;
  if (value === null && source === '') return null;
  return { start: node.start, end: block ? undefined : node.end, value, source, plain, block };
}

/** Whether the fast reader took it; where it did, the whole reader says the same. */
function agrees(content: string): boolean {
  const text = textOf('a.yaml', content);
  const fast = readPlainYaml(text);
  if (!fast) return false;
  const whole = readAnyYaml(text);
  expect({ content, faults: whole.faults.map(each => each.message) }).toEqual({ content, faults: [] });
  expect({ content, roots: fast.map(facts) }).toEqual({ content, roots: whole.roots.map(facts) });
  return true;
}

describe('the fast reader and the whole one', () => {
  const files = readdirSync(join(tests, 'targets'), { recursive: true, encoding: 'utf8' }).filter(path =>
    /\.ya?ml$/.test(path),
  );

  test(`agree on what is rendered, and most of it is read fast`, () => {
    const taken = files.filter(path => agrees(readFileSync(join(tests, 'targets', path), 'utf8')));
    expect(taken.length / files.length).toBeGreaterThan(0.7);
  });

  const seeds = Object.values(SEEDS)
    .filter(seed => /\.ya?ml$/.test(seed.path))
    .map(seed => seed.content);
  const pieces = [
    ...seeds.flatMap(seed => seed.split(/(?<=[\n\s:{}[\],])/)),
    '- ',
    ': ',
    '\n',
    '\n  ',
    '\n    ',
    ' #',
    '"',
    "'",
    '|\n',
    '|-\n',
    '>',
    '[',
    ']',
    '{',
    '}',
    ',',
    '? ',
    '---\n',
    '-',
    ':',
    '&a ',
    '*a',
    '!!str ',
    'a: b',
    '~',
    'null',
    '0x1f',
    '1e3',
    '.5',
    '+1',
    '1_0',
    '  ',
    '\\n',
    '\\x41',
    '%',
  ];
  const piece = fc.constantFrom(...pieces);

  test('agree on mutated artifacts', () => {
    let taken = 0;
    const mutated = fc
      .constantFrom(...seeds)
      .chain(seed =>
        fc
          .tuple(fc.nat(seed.length), fc.nat(30), piece)
          .map(([at, length, put]) => seed.slice(0, at) + put + seed.slice(at + length)),
      );
    fc.assert(
      fc.property(mutated, content => {
        taken += Number(agrees(content));
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(RUNS / 5);
  });

  test('agree on what nobody would write', () => {
    let taken = 0;
    const odd = fc.array(piece, { maxLength: 12 }).map(parts => parts.join(''));
    fc.assert(
      fc.property(odd, content => {
        taken += Number(agrees(content));
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
