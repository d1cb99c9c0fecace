export interface Statement {
  /** Comments left out, spaces made single, strings as they are. */
  readonly text: string;
  /** Its words in capitals, for a first look: GRANT SELECT ON …. */
  readonly words: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Statements of PostgreSQL, between semicolons that stand in no string, comment or dollar quote; and lines of psql's own. */
export function statements(content: string): readonly Statement[] {
  const found: Statement[] = [];
  let [text, start] = ['', -1];
  const finish = (end: number) => {
    const trimmed = text.replace(/\s+/g, ' ').trim();
    if (trimmed !== '')
      found.push({
        text: trimmed,
        words: trimmed
          .toUpperCase()
          .split(/[\s(),;]+/)
          .filter(Boolean),
        start,
        end,
      });
    [text, start] = ['', -1];
  };
  for (let i = 0; i < content.length; ) {
    const skip = commentEnd(content, i);
    if (skip > i) {
      text += ' ';
      i = skip;
      continue;
    }
    const char = content[i] ?? '';
    const end = char === '\\' && text.trim() === '' ? lineEnd(content, i) : quotedEnd(content, i);
    if (start === -1 && /\S/.test(char)) start = i;
    if (char === ';' && end === i + 1) finish(i);
    else text += content.slice(i, end);
    if (char === '\\' && end > i + 1) finish(end);
    i = end;
  }
  finish(content.length);
  return found;
}

const lineEnd = (content: string, at: number): number => {
  const end = content.indexOf('\n', at);
  return end === -1 ? content.length : end;
};

function commentEnd(content: string, at: number): number {
  if (content.startsWith('--', at)) return lineEnd(content, at);
  if (!content.startsWith('/*', at)) return at;
  const end = content.indexOf('*/', at + 2);
  return end === -1 ? content.length : end + 2;
}

/** The end of the string that begins here, or of one character. */
function quotedEnd(content: string, at: number): number {
  const char = content[at];
  if (char === "'" || char === '"') {
    for (let i = at + 1; i < content.length; i++) {
      if (content[i] !== char) continue;
      if (content[i + 1] === char) i++;
      else return i + 1;
    }
    return content.length;
  }
  if (char !== '$') return at + 1;
  const tag = /^\$\w*\$/.exec(content.slice(at, at + 66))?.[0];
  if (!tag) return at + 1;
  const end = content.indexOf(tag, at + tag.length);
  return end === -1 ? content.length : end + tag.length;
}
