/** A metric in an expression: its name, the labels that it is asked for by value, and the range it is looked at over. */
export interface Selector {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly range: string | undefined;
  /** The function around it. */
  readonly within: string | undefined;
}

const WORDS = new Set(
  'and or unless by without on ignoring group_left group_right offset bool inf nan start end atan2 sum avg min max count group stddev stdvar topk bottomk quantile count_values limitk limit_ratio'.split(
    ' ',
  ),
);
const LISTS = /^(?:by|without|on|ignoring|group_left|group_right)$/;
const LONGEST = 20_000;

/** The metrics of an expression, without working it out. https://prometheus.io/docs/prometheus/latest/querying/basics/ */
export function selectorsIn(text: string): readonly Selector[] {
  const found: Selector[] = [];
  const functions: (string | undefined)[] = [];
  if (text.length > LONGEST) return found;
  for (let i = 0; i < text.length; ) {
    const char = text[i] ?? '';
    const word = /^[a-zA-Z_:][\w:]*/.exec(text.slice(i, i + 300))?.[0];
    if (char === '#') i = ends(text, i, '\n');
    else if (char === '"' || char === "'" || char === '`') i = quoted(text, i);
    else if (char === '{') i = ends(text, i, '}');
    else if (char === '[') i = ends(text, i, ']');
    else if (char === '(') {
      functions.push(undefined);
      i++;
    } else if (char === ')') {
      functions.pop();
      i++;
    } else if (/\d/.test(char)) i += /^[\w.]+/.exec(text.slice(i, i + 300))?.[0].length ?? 1;
    else if (!word) i++;
    else {
      i += word.length;
      const next = i + (/^\s{0,200}/.exec(text.slice(i))?.[0].length ?? 0);
      if (LISTS.test(word.toLowerCase())) i = text[next] === '(' ? ends(text, next, ')') : i;
      else if (text[next] === '(') {
        functions.push(word);
        i = next + 1;
      } else if (!WORDS.has(word.toLowerCase())) {
        const close = text[next] === '{' ? ends(text, next, '}') : i;
        const rest = /^\s{0,200}\[([^\]]{0,40})\]/.exec(text.slice(close));
        found.push({
          name: word,
          labels: labelsOf(text.slice(next, close)),
          range: rest?.[1]?.trim(),
          within: functions.findLast(each => each),
        });
        i = close;
      }
    }
  }
  return found;
}

/** Behind the character that closes; quotes may hold it. */
function ends(text: string, from: number, close: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === close) return i + 1;
    if (close !== '\n' && /["'`]/.test(text[i] ?? '')) i = quoted(text, i) - 1;
  }
  return text.length;
}

function quoted(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\' && text[from] !== '`') i++;
    else if (text[i] === text[from]) return i + 1;
  }
  return text.length;
}

const labelsOf = (braces: string): ReadonlyMap<string, string> =>
  new Map(
    [...braces.matchAll(/([a-zA-Z_]\w{0,100})\s?=\s?(?:"([^"\\]{0,200})"|'([^'\\]{0,200})')/g)].map(
      ([, name = '', a, b]) => [name, a ?? b ?? ''],
    ),
  );
