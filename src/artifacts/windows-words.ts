import type { Text } from './text.ts';

/** A command of a Windows script, as far as it can be told without running it. */
export interface WindowsCommand {
  readonly words: readonly { readonly value: string; readonly start: number }[];
  /** The line, with those that it goes on to. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Syntax {
  /** What at the end of a line takes in the next. */
  readonly continuation: string;
  readonly comment: RegExp;
}

/** Words between spaces that stand in no quotes. */
export function windowsCommands(text: Text, { continuation, comment }: Syntax): readonly WindowsCommand[] {
  const found: WindowsCommand[] = [];
  const { content } = text;
  for (let at = 0; at < content.length; ) {
    const start = at;
    let line = '';
    for (;;) {
      const stop = content.indexOf('\n', at);
      const end = stop === -1 ? content.length : stop;
      const part = content.slice(at, end).replace(/\r$/, '');
      at = end + 1;
      const goesOn = part.trimEnd().endsWith(continuation) && stop !== -1;
      // The mark becomes a space, so that offsets stay what they are.
      line += goesOn
        ? `${part.trimEnd().slice(0, -1)}${' '.repeat(end - (start + line.length) - part.trimEnd().length + 2)}`
        : part;
      if (!goesOn) break;
    }
    if (line.trim() !== '' && !comment.test(line))
      found.push({
        words: wordsOf(line, start),
        text: line.trim(),
        start: start + line.search(/\S/),
        end: at - 1,
      });
  }
  return found;
}

function wordsOf(line: string, start: number): { value: string; start: number }[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(match => ({
    value: match[0].replace(/^(["'])(.*)\1$/, '$2'),
    start: start + match.index,
  }));
}
