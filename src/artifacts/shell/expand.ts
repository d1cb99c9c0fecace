/** What is not known before the script runs; two texts with it may mean the same. */
export const UNKNOWN = '*';

/** A word as the shell hands it on, with what its variables are known to be worth, and `*` for what is not known. */
export function expanded(raw: string, values: ReadonlyMap<string, string>): string {
  let [out, quote] = ['', ''];
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i] ?? '';
    if (quote === "'") {
      if (char === "'") quote = '';
      else out += char;
    } else if (char === quote) quote = '';
    else if (char === '"' || char === "'") {
      if (quote === '') quote = char;
      else out += char;
    } else if (char === '\\') out += raw[++i] === '\n' ? '' : (raw[i] ?? '');
    else if (char === '`') {
      i = endOf(raw, i + 1, '`', '`');
      out += UNKNOWN;
    } else if (char === '$') {
      const [text, end] = expansion(raw, i, values);
      out += text;
      i = end;
    } else out += quote === '' && (char === '?' || char === '*') ? UNKNOWN : char;
  }
  return out.replace(/\*+/g, UNKNOWN);
}

/** What stands at a `$`, and where it ends. */
function expansion(raw: string, at: number, values: ReadonlyMap<string, string>): [string, number] {
  const next = raw[at + 1];
  if (next === '(') return [UNKNOWN, endOf(raw, at + 2, '(', ')')];
  if (next === '{') {
    const end = endOf(raw, at + 2, '{', '}');
    const [, name = '', rest = ''] = /^(\w*)(.*)$/s.exec(raw.slice(at + 2, end)) ?? [];
    const fallback = /^:?[-=](.*)$/s.exec(rest)?.[1];
    const plain = rest === '' || fallback !== undefined || /^:?\?/.test(rest);
    const value = plain ? values.get(name) : undefined;
    return [value ?? (fallback === undefined ? UNKNOWN : expanded(fallback, values)), end];
  }
  const name = /^\w+/.exec(raw.slice(at + 1, at + 65))?.[0];
  if (name) return [values.get(name) ?? UNKNOWN, at + name.length];
  return /[?#@*!$-]/.test(next ?? '') ? [UNKNOWN, at + 1] : ['$', at];
}

/** The bracket that closes the one before `from`; the text's end where none does. */
function endOf(raw: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let i = from; i < raw.length; i++) {
    if (raw[i] === '\\') i++;
    else if (raw[i] === close) {
      if (--depth === 0) return i;
    } else if (raw[i] === open) depth++;
  }
  return raw.length;
}

/** Whether two texts may be the same, whatever the unknown parts of either turn out to be. */
export function maySame(a: string, b: string): boolean {
  if (!a.includes(UNKNOWN) && !b.includes(UNKNOWN)) return a === b;
  if (a.length + b.length > 1_000) return true;
  // Row by row over the first text: whether the rest of `a` can meet the rest of `b`.
  let below = new Array<boolean>(b.length + 1).fill(false);
  below[b.length] = true;
  for (let j = b.length - 1; j >= 0; j--) below[j] = b[j] === UNKNOWN && below[j + 1] === true;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = new Array<boolean>(b.length + 1).fill(false);
    row[b.length] = a[i] === UNKNOWN && below[b.length] === true;
    for (let j = b.length - 1; j >= 0; j--)
      row[j] =
        a[i] === UNKNOWN || b[j] === UNKNOWN
          ? below[j] === true || row[j + 1] === true || below[j + 1] === true
          : a[i] === b[j] && below[j + 1] === true;
    below = row;
  }
  return below[0] === true;
}
