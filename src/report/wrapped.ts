import { stripVTControlCharacters } from 'node:util';

/**
 * One paragraph at the width of a terminal, further lines indented below its first. Without a width, as in a pipe, it
 * stays one line, which is what greps and editors want.
 */
export function wrapped(paragraph: string, columns: number | undefined, indent = ''): string {
  if (columns === undefined) return paragraph;
  const lines: string[] = [];
  let current = /^ */.exec(paragraph)?.[0] ?? '';
  let isEmpty = true;
  for (const word of paragraph.trimStart().split(' ')) {
    if (!isEmpty && widthOf(current) + 1 + widthOf(word) > columns) {
      lines.push(current);
      current = indent;
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current].join('\n');
}

/** What is seen of it: colour has no width. */
const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;
