import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/check/rules/all.ts';
import { casesOf, expectedOf, findingsIn, written } from './cases.ts';

describe.each(RULES.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  const { ok, bad } = casesOf(id);

  test('says what, why and what to do', () => {
    expect(rule.title, 'title').toMatch(/^[a-zA-Z].{10,110}[^.]$/);
    expect(rule.why, 'why').toMatch(/^[A-Z`].{40,}\.$/s);
    expect(rule.fix, 'fix').toMatch(/^[A-Z`].{15,}\.$/s);
    expect(rule.example.bad).not.toBe(rule.example.good);
    expect([ok.length, bad.length], 'cases').toEqual([
      expect.toSatisfy(n => n > 0),
      expect.toSatisfy(n => n > 0),
    ]);
  });

  test.each(bad.map(folder => [basename(folder), folder]))('%s', async (_, folder) => {
    const actual = written(await findingsIn([rule], folder));
    expect(actual).toBe(expectedOf(folder, actual));
    expect(actual, 'a bad case gives findings').not.toBe('');
  });

  test.each(ok.map(folder => [basename(folder), folder]))('%s', async (_, folder) => {
    expect(written(await findingsIn([rule], folder))).toBe('');
  });
});
