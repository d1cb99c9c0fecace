import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { messagesOf, minimal } from './fixtures.ts';

const FILE = fileURLToPath(new URL('mistakes.txt', import.meta.url));
const update = process.env['UPDATE_GOLDEN'] === '1';

/** One mistake of mistakes.txt: how its file is made, and the messages that are expected. */
interface Mistake {
  readonly title: string;
  readonly directives: readonly string[];
  readonly messages: readonly string[];
}

const DIRECTIVE = /^ {2}(in|at|file|swap) \| ?(.*)$/;

function parseMistake(block: string): Mistake {
  const [title = '', ...lines] = block.split('\n');
  return {
    title,
    directives: lines.filter(line => DIRECTIVE.test(line)),
    messages: lines.filter(line => !DIRECTIVE.test(line)).map(line => line.slice(2)),
  };
}

function fileOf({ directives }: Mistake): string {
  const of = (kind: string) =>
    directives.flatMap(line => {
      const [, word, rest = ''] = DIRECTIVE.exec(line) ?? [];
      return word === kind ? [rest] : [];
    });
  if (of('file').length > 0) return `${of('file').join('\n')}\n`;
  return of('swap').reduce(
    (text, swap) => {
      const [from = '', to = ''] = swap.split(/ \| ?/);
      expect(text).toContain(from);
      return text.replace(from, to);
    },
    minimal(of('at').join('\n'), of('in').join('\n    ')),
  );
}

const blocks = readFileSync(FILE, 'utf8').trimEnd().split('\n\n');

if (update) {
  const written = blocks.map(block => {
    if (block.startsWith('#')) return block;
    const mistake = parseMistake(block);
    return [
      mistake.title,
      ...mistake.directives,
      ...messagesOf(fileOf(mistake)).map(line => `  ${line}`),
    ].join('\n');
  });
  writeFileSync(FILE, `${written.join('\n\n')}\n`);
}

const mistakes = blocks.filter(block => !block.startsWith('#')).map(parseMistake);

describe('every mistake is told where it is, what was found and what to do', () => {
  test.each(mistakes)('$title', mistake => {
    const found = messagesOf(fileOf(mistake));
    if (!update) expect(found).toEqual(mistake.messages);
    expect(found.length).toBeGreaterThan(0);
  });

  test('no message repeats a secret, or speaks like a library', () => {
    const all = mistakes.flatMap(mistake => mistake.messages).join('\n');
    expect(all).not.toMatch(/hunter2|sk-a|Invalid input|expected .* received|\bundefined\b|\[object/);
    expect(mistakes.length).toBeGreaterThan(150);
  });
});
