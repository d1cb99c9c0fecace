/** Whoever breaks what is rendered hears of it from the rule that knows, on the line that is broken, and from no other. */
import { describe, expect, test } from 'vitest';
import { RULES } from '../../../src/check/rules/all.ts';
import { MUTATIONS, NOT_RENDERED } from './all.ts';
import type { Mutation } from './mutation.ts';
import { renderingOf } from './rendering.ts';

/** What the file says with the change, and the line where it begins. */
function broken({ file, from, to }: Mutation, contents: ReadonlyMap<string, string>) {
  const content = contents.get(file);
  if (content === undefined) throw new Error(`${file} is not rendered`);
  const offset = typeof from === 'string' ? content.indexOf(from) : content.search(from);
  if (offset < 0) throw new Error(`${file} does not hold ${from}`);
  return {
    content: content.slice(0, offset) + content.slice(offset).replace(from, () => to),
    first: content.slice(0, offset).split('\n').length,
  };
}

/** The lines that may be meant, as `file:line`. */
function placesOf({ file, to, at }: Mutation, content: string, first: number): string[] {
  if (!at) return to.split('\n').map((_, i) => `${file}:${first + i}`);
  const { line } = at;
  const isMeant = (text: string) => (typeof line === 'string' ? text.includes(line) : line.test(text));
  return [`${at.file ?? file}:${content.split('\n').findIndex(isMeant) + 1}`];
}

describe('what is rendered, with one thing changed', () => {
  test.each(MUTATIONS.map(each => ({ ...each, title: `${each.file}: ${each.from} -> ${each.to}` })))(
    '$rule: $title',
    async mutation => {
      const { contents, foundWith } = await renderingOf(mutation.of ?? 'full');
      const { content, first } = broken(mutation, contents);
      const found = await foundWith(mutation.file, content);
      const elsewhere = mutation.at?.file && contents.get(mutation.at.file);
      const wanted = placesOf(mutation, elsewhere || content, first);
      const places = found.map(({ rule, at }) => `${rule} ${at.file}:${at.line}`);
      expect(places.filter(place => wanted.some(each => place === `${mutation.rule} ${each}`))).not.toEqual(
        [],
      );
      const expected = [mutation.rule, ...(mutation.also ?? [])];
      expect(found.filter(each => !expected.includes(each.rule))).toEqual([]);
      expect(new Set(found.map(each => each.rule))).toEqual(new Set(expected));
    },
  );

  test('no rule is proven twice by the same change', () => {
    const changes = MUTATIONS.map(({ rule, of, file, from, to }) => `${rule} ${of} ${file} ${from} ${to}`);
    expect(changes.length).toBe(new Set(changes).size);
  });

  test('every rule is proven, or it is said why a change of what is rendered cannot', () => {
    const proven = MUTATIONS.map(each => each.rule);
    expect([...new Set([...proven, ...Object.keys(NOT_RENDERED)])].sort()).toEqual(
      RULES.map(rule => rule.id).sort(),
    );
    expect(proven.filter(id => id in NOT_RENDERED)).toEqual([]);
  });
});
