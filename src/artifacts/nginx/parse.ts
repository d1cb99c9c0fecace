import type { Fault, Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import { type Token, tokens } from './lexer.ts';
import type { Argument, Directive } from './nginx.ts';

const DEEPEST = 64;

interface Open {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly start: number;
  readonly block: Directive[];
}

/** https://nginx.org/en/docs/beginners_guide.html#conf_structure */
export function parseNginx(text: Text): Parsed<readonly Directive[]> {
  const top: Directive[] = [];
  const stack: Open[] = [];
  const faults: Fault[] = [];
  const refuse = (offset: number, message: string) =>
    faults.push({ rule: 'file/unreadable', offset, message });
  let words: Token[] = [];
  const close = (open: Omit<Open, 'block'>, block: readonly Directive[] | undefined, end: number) =>
    (stack.at(-1)?.block ?? top).push({ ...open, block, text, end });

  for (const token of tokens(text.content)) {
    if (token.kind === 'word') words.push(token);
    else if (token.kind === 'broken') refuse(token.start, token.value);
    else if (token.kind === ';') {
      const open = opened(words);
      if (open) close(open, undefined, token.end);
      else refuse(token.start, 'a semicolon that ends nothing');
      words = [];
    } else if (token.kind === '{') {
      const open = opened(words);
      if (!open) refuse(token.start, 'a block without a name');
      if (stack.length >= DEEPEST)
        return {
          faults: [
            ...faults,
            {
              rule: 'file/unreadable',
              offset: token.start,
              message: `blocks nested more than ${DEEPEST} deep`,
            },
          ],
        };
      stack.push({ ...(open ?? { name: '', args: [], start: token.start }), block: [] });
      words = [];
    } else {
      if (words[0]) refuse(words[0].start, `${words[0].value} does not end in a semicolon`);
      words = [];
      const open = stack.pop();
      if (open) close({ name: open.name, args: open.args, start: open.start }, open.block, token.end);
      else refuse(token.start, 'a closing brace that closes nothing');
    }
  }
  if (words[0]) refuse(words[0].start, `${words[0].value} does not end in a semicolon`);
  for (const open of stack) {
    refuse(open.start, `the block of ${open.name} is never closed`);
    top.push({ ...open, text, end: text.content.length });
  }
  return { body: top, faults };
}

function opened(words: readonly Token[]): Omit<Open, 'block'> | undefined {
  const [first, ...args] = words;
  return first && { name: first.value, args, start: first.start };
}
