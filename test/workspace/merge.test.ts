import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/workspace/decide.ts';
import { mergeText } from '../../src/workspace/merge.ts';
import { runs } from '../render/runs.ts';

describe('a merge', () => {
  test.each([
    ['takes both changes', 'a\nb\nc\nd\n', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n', 'A\nb\nc\nD\n'],
    ['takes what both did alike', 'a\nb\n', 'a\nx\n', 'a\nx\n', 'a\nx\n'],
    ['has no answer to two changes of a line', 'a\nb\nc\n', 'a\nx\nc\n', 'a\ny\nc\n', undefined],
    ['has no answer to changes that touch', 'a\nb\n', 'A\nb\n', 'a\nB\n', undefined],
    ['keeps a missing end of the last line', 'a\nb\nc\n', 'a\nb\nc', 'A\nb\nc\n', 'A\nb\nc'],
    ['takes a new end of the last line', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\n', 'A\nb\nc\n'],
    ['keeps lines that end in CRLF', 'a\nb\nc\n', 'a\r\nb\r\nc\r\n', 'a\nb\nC\n', 'a\r\nb\r\nC\r\n'],
    ['keeps CRLF and an edit', 'a\nb\nc\n', 'x\r\nb\r\nc\r\n', 'a\nb\nC\n', 'x\r\nb\r\nC\r\n'],
    ['treats one CRLF as an edit of its line', 'a\nb\nc\n', 'a\r\nb\nc\n', 'a\nb\nC\n', 'a\r\nb\nC\n'],
    ['keeps an emptied file', 'a\n', '', 'a\n', ''],
    ['fills an empty file', '', '', 'a\n', 'a\n'],
    [
      'knows no special names',
      '__proto__\nb\nconstructor\n',
      '__proto__\nb\nx\n',
      'y\nb\nconstructor\n',
      'y\nb\nx\n',
    ],
  ])('%s', (_, base, mine, theirs, expected) => {
    expect(mergeText(mine, base, theirs)).toBe(expected);
  });
});

const line = fc.constantFrom('a', 'b', 'c', 'd', '', 'x\r');
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([lines, end]) => lines.join('\n') + (end && lines.length > 0 ? '\n' : ''));

const linesOf = (all: string) => all.replaceAll('\r', '').split('\n');

/** Lines that `to` has more often than `from`: what an edit brought in. */
function added(from: string, to: string): string[] {
  const left = linesOf(from);
  return linesOf(to).filter(each => {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

describe('for any three texts', () => {
  test('a merge holds what each side brought in', () => {
    fc.assert(
      fc.property(text, text, text, (mine, base, theirs) => {
        const merged = mergeText(mine, base, theirs);
        if (merged === undefined) return;
        for (const lines of [added(base, mine), added(base, theirs)]) {
          for (const each of new Set(lines)) expect(linesOf(merged)).toContain(each);
        }
      }),
      runs(2000),
    );
  });

  test('one side unchanged gives the other, and merging again changes nothing', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(mergeText(one, one, other)).toBe(other);
        expect(mergeText(other, one, one)).toBe(other);
        expect(mergeText(other, one, other)).toBe(other);
      }),
      runs(1000),
    );
  });

  test('whatever is not ours stays on disk, or is in the merge', () => {
    const state = text.map(content => ({ bytes: Buffer.from(content), mode: 0o644 }));
    fc.assert(
      fc.property(state, fc.option(state, { nil: undefined }), state, (mine, last, theirs) => {
        const base = last && { bytes: last.bytes, sha256: '', mode: 0o644 };
        const { action, result, propose } = decide(mine, base, theirs, {});
        const [m, t] = [mine.bytes.toString(), theirs.bytes.toString()];
        if (action === 'conflict' || action === 'foreign') {
          expect(result).toBeUndefined();
          expect(propose).toBe(true);
        } else if (action === 'keep') {
          expect(result).toBeUndefined();
          expect(base?.bytes.toString() === t || m === t || mergeText(m, String(base?.bytes), t) === m).toBe(
            true,
          );
        } else if (action === 'update') {
          expect(base?.bytes.toString()).toBe(m);
        } else {
          expect(action).toBe('merge');
          expect(result?.bytes.toString()).toBe(mergeText(m, String(base?.bytes), t));
        }
      }),
      runs(2000),
    );
  });
});
