/**
 * Files in the manner of other people's repositories. What `foreign` holds has mistakes, and `expected.txt` the
 * findings, each judged by hand; what `sound` holds is well made, so that a finding there is a defect of a rule.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../../src/check/rules/all.ts';
import type { Diagnostic } from '../../../src/check/run.ts';
import { EXPECTED, expectedOf, findingsIn, TEST_CHECK } from '../cases.ts';

const CORPUS = join(TEST_CHECK, 'corpus');

const setsOf = (kind: 'foreign' | 'sound') =>
  readdirSync(join(CORPUS, kind)).map(name => [name, join(CORPUS, kind, name)] as const);

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    each => each.isFile() && each.name !== EXPECTED,
  );

const written = (found: readonly Diagnostic[]): string =>
  found
    .map(({ at, severity, rule, message }) => `${at.file}:${at.line} ${severity} ${rule}: ${message}\n`)
    .join('');

describe('files of other people', () => {
  test.each(setsOf('foreign'))('%s', async (_, folder) => {
    const actual = written(await findingsIn(RULES, folder));
    expect(actual).toBe(expectedOf(folder, actual));
    expect(actual).not.toBe('');
  });

  test('are many, of many styles', () => {
    const sets = setsOf('foreign');
    expect(sets.length).toBeGreaterThanOrEqual(12);
    expect(sets.flatMap(([, folder]) => filesOf(folder)).length).toBeGreaterThanOrEqual(40);
  });
});

describe('well-made files of other people', () => {
  test.each(setsOf('sound'))('%s', async (_, folder) => {
    const found = await findingsIn(RULES, folder);
    expect(written(found.filter(each => each.severity !== 'info'))).toBe('');
  });
});
