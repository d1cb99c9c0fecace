import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Family } from '../../../src/check/schemas/shape.ts';

const folder = fileURLToPath(new URL('../../../schemas/', import.meta.url));
const expressions = readdirSync(folder)
  .filter(name => name !== 'groups.json')
  .flatMap(name => (JSON.parse(readFileSync(folder + name, 'utf8')) as Family).shapes)
  .flatMap(({ pattern, patterns }) => [pattern ?? [], (patterns ?? []).map(([each]) => each)].flat(2));

const UNITS = [
  'a',
  '0',
  '-',
  '.',
  '/',
  ' ',
  '!',
  ':',
  '#',
  '*',
  'a.',
  'a-',
  'a ',
  'a/',
  '1h',
  '0.',
  '%20',
  '?#',
];
/** Long enough that an exponential expression would take seconds, short enough that it would end. */
const LENGTH = 28;

test.each([...new Set(expressions)])('%s takes no exponential time', expression => {
  let compiled: RegExp;
  try {
    compiled = new RegExp(expression, 'u');
  } catch {
    // What only Go knows is not asked at all.
    expect(expression).toContain('(?i)');
    return;
  }
  const before = process.cpuUsage();
  for (const unit of UNITS) compiled.test(`${unit.repeat(LENGTH).slice(0, LENGTH)}\u0001`);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(250);
});
