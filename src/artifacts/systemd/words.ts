export interface UnitWord {
  readonly text: string;
  readonly offset: number;
}

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
    else if (char === '\\' && i + 1 < value.length) word += value[++i];
    else word += char;
  }
  if (word !== undefined) words.push({ text: word, offset });
  return words;
}
