import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixed } from '../../src/check/fix.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { casesOf, expectedOf, findingsIn, judgedAgain, stateOf, written } from './cases.ts';

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

  test.each(bad.map(folder => [basename(folder), folder]))(
    'what it edits in %s is mended, once and for all',
    async (_, folder) => {
      const { collected, findings } = await stateOf([rule], folder);
      const contentOf = (file: string) => collected.files.find(each => each.path === file)?.content;
      const { contents, applied } = fixed(findings, 'unsafe', contentOf);
      expect(applied.length > 0).toBe(findings.some(each => each.edits.length > 0));
      if (applied.length === 0) return;
      const files = collected.files.map(each => ({
        ...each,
        content: contents.get(each.path) ?? each.content,
      }));
      const after = await judgedAgain([rule], { ...collected, files });
      const left = after.findings.filter(each => each.edits.length > 0);
      expect(left.length, 'each round mends what it edits').toBeLessThanOrEqual(
        findings.length - applied.length,
      );
      expect(after.unreadable, 'it parses as before').toEqual(
        (await judgedAgain([rule], collected)).unreadable,
      );
      const comments = (text: string) => text.match(/#.*$/gm) ?? [];
      for (const [file, content] of contents)
        if (rule.id !== 'file/encoding')
          expect(comments(content)).toEqual(expect.arrayContaining(comments(contentOf(file) ?? '')));
    },
  );

  test.each(ok.map(folder => [basename(folder), folder]))('%s', async (_, folder) => {
    expect(written(await findingsIn([rule], folder))).toBe('');
  });
});
