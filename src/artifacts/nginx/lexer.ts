export interface Token {
  readonly kind: 'word' | ';' | '{' | '}' | 'broken';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Words, braces and semicolons as nginx's own reader takes them (ngx_conf_read_token). */
export function* tokens(content: string): Generator<Token> {
  let [before, last]: [string, string] = ['', ''];
  for (let i = 0; i < content.length; ) {
    const char = content[i] ?? '';
    if (/\s/.test(char)) i++;
    else if (char === '#') i = endOfLine(content, i);
    else if (char === ';' || char === '{' || char === '}') {
      const token: Token = { kind: char, value: char, start: i, end: i + 1 };
      if (char === '{' && before === '' && /_by_lua_block$/.test(last)) {
        const end = closing(content, i);
        yield { kind: ';', value: ';', start: i, end };
        i = end;
      } else {
        yield token;
        i++;
      }
      [before, last] = ['', ''];
    } else {
      const word = wordAt(content, i);
      yield word;
      [before, last] = [last, word.value];
      i = word.end;
    }
  }
}

const endOfLine = (content: string, from: number): number => {
  const end = content.indexOf('\n', from);
  return end === -1 ? content.length : end;
};

/** The end of a block of another language: its braces are counted, nothing else of it is known. */
function closing(content: string, from: number): number {
  let depth = 0;
  for (let i = from; i < content.length; i++) {
    if (content[i] === '{') depth++;
    else if (content[i] === '}' && --depth === 0) return i + 1;
  }
  return content.length;
}

function wordAt(content: string, start: number): Token {
  const quote = content[start];
  return quote === '"' || quote === "'" ? quotedAt(content, start, quote) : plainAt(content, start);
}

function quotedAt(content: string, start: number, quote: string): Token {
  let value = '';
  for (let i = start + 1; i < content.length; i++) {
    const char = content[i] ?? '';
    if (char === quote) return { kind: 'word', value, start, end: i + 1 };
    if (char === '\\' && /["'\\]/.test(content[i + 1] ?? '')) value += content[++i];
    else value += char;
  }
  // Only its line is given up: what follows can still be read.
  const message = `a string that nothing closes: ${content.slice(start, start + 30).split('\n')[0]}`;
  return { kind: 'broken', value: message, start, end: endOfLine(content, start) };
}

function plainAt(content: string, start: number): Token {
  let i = start;
  for (; i < content.length; i++) {
    const char = content[i] ?? '';
    if (char === '\\') i++;
    else if (char === '$' && content[i + 1] === '{') {
      const end = content.indexOf('}', i);
      i = end === -1 ? i + 1 : end;
    } else if (/[\s;{}]/.test(char)) break;
  }
  const end = Math.min(i, content.length);
  return { kind: 'word', value: content.slice(start, end).replace(/\\([\s"';{}])/g, '$1'), start, end };
}
