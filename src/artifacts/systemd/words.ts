export interface UnitWord {
  readonly text: string;
  readonly offset: number;
}

/** systemd.syntax(7), "Quoting": what a backslash makes of these letters; any other character is itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
};

/** Words as systemd splits them: quotes, and backslashes before characters. */
export function unitWords(value: string): UnitWord[] {
  const words: UnitWord[] = [];
  let [word, offset, quote]: [string | undefined, number, string] = [undefined, 0, ''];
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? '';
    if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push({ text: word, offset });
      word = undefined;
      continue;
    }
    if (word === undefined) [word, offset] = ['', i];
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else if (char === '\\' && i + 1 < value.length) word += ESCAPES[value[++i] ?? ''] ?? value[i];
    else word += char;
  }
  if (word !== undefined) words.push({ text: word, offset });
  return words;
}
