/** `github.event.pull_request.title` in an expression. */
export interface Reference {
  /** A step that is only known at the run is undefined, one for all is `*`. In small letters, as GitHub compares them. */
  readonly path: readonly (string | undefined)[];
  /** As written. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** The text of it does not come out: it is compared, negated, or searched by one of these functions. */
  readonly asked: boolean;
}

export interface Call {
  readonly name: string;
  readonly count: number;
  /** The first argument where it is written there. */
  readonly literal: string | undefined;
  readonly start: number;
}

export interface Expression {
  readonly references: readonly Reference[];
  readonly calls: readonly Call[];
  /** Offsets are those of the text that was parsed. */
  readonly fault: { readonly offset: number; readonly message: string } | undefined;
}

interface Token {
  readonly type: 'end' | 'name' | 'number' | 'sign' | 'string';
  readonly text: string;
  readonly start: number;
}

class Refused extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const TOKEN =
  /\s+|'(?:[^']|'')*'|0x[\da-fA-F]+|-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_][\w-]*|&&|\|\||[!=<>]=|[!<>()[\],.*]/y;

function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const part = TOKEN.exec(text)?.[0];
    if (part === undefined) throw new Refused(start, unexpected(text, start));
    if (!/^\s/.test(part)) found.push({ type: typeOf(part), text: part, start });
  }
  return [...found, { type: 'end', text: '', start: text.length }];
}

const typeOf = (part: string): Token['type'] =>
  part.startsWith("'")
    ? 'string'
    : /^[A-Za-z_]/.test(part)
      ? 'name'
      : /^[-.]?\d/.test(part)
        ? 'number'
        : 'sign';

function unexpected(text: string, at: number): string {
  if (text[at] === '"') return 'texts in expressions stand in single quotes';
  return text[at] === "'" ? 'a text that does not end' : `${text[at]} has no meaning in an expression`;
}

/** Functions whose result tells of a text without holding it. */
const ASKING = new Set(['contains', 'startswith', 'endswith', 'hashfiles']);
const DEEPEST = 50;

/** https://docs.github.com/en/actions/reference/workflows-and-actions/expressions */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text);
  const { references, calls } = reader;
  try {
    reader.whole();
    return { references, calls, fault: undefined };
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return { references, calls, fault: { offset: refused.offset, message: refused.message } };
  }
}

/** Goes through the tokens once, and keeps what it met. */
class Reader {
  readonly references: Reference[] = [];
  readonly calls: Call[] = [];
  private tokens: readonly Token[] = [];
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): void {
    this.tokens = tokensOf(this.text);
    this.either(0);
    if (this.here.type !== 'end') this.refuse('an operator');
  }

  private get here(): Token {
    return this.tokens[this.at] as Token;
  }

  private is(...signs: readonly string[]): boolean {
    return this.here.type === 'sign' && signs.includes(this.here.text);
  }

  private take(): Token {
    return this.tokens[this.at++] as Token;
  }

  private expect(sign: string): void {
    if (!this.is(sign)) this.refuse(sign);
    this.take();
  }

  private refuse(wanted: string): never {
    const { text, start } = this.here;
    throw new Refused(
      start,
      text === '' ? `it ends where ${wanted} is due` : `${text} where ${wanted} is due`,
    );
  }

  /** What was read since then is only asked about. */
  private onlyAsked(since: number): void {
    for (let i = since; i < this.references.length; i++)
      this.references[i] = { ...(this.references[i] as Reference), asked: true };
  }

  private either(depth: number): void {
    if (depth > DEEPEST) throw new Refused(this.here.start, 'it is nested too deeply');
    for (;;) {
      const since = this.references.length;
      this.compared(depth);
      if (!this.is('&&', '||')) return;
      // What stands before && decides whether the next comes out.
      if (this.take().text === '&&') this.onlyAsked(since);
    }
  }

  private compared(depth: number): void {
    const since = this.references.length;
    this.negated(depth);
    if (!this.is(...COMPARISONS)) return;
    while (this.is(...COMPARISONS)) {
      this.take();
      this.negated(depth);
    }
    this.onlyAsked(since);
  }

  private negated(depth: number): void {
    const since = this.references.length;
    const negates = this.is('!');
    while (this.is('!')) this.take();
    this.value(depth);
    if (negates) this.onlyAsked(since);
  }

  private value(depth: number): void {
    const { type } = this.here;
    if (type === 'string' || type === 'number') this.take();
    else if (type === 'name') this.named(depth);
    else {
      this.expectValue();
      this.either(depth + 1);
      this.expect(')');
      this.steps(depth);
    }
  }

  private expectValue(): void {
    if (!this.is('(')) this.refuse('a value');
    this.take();
  }

  private named(depth: number): void {
    const { text: name, start } = this.take();
    if (this.is('(')) {
      this.call(name.toLowerCase(), start, depth);
      this.steps(depth);
    } else if (!/^(?:true|false|null|nan|infinity)$/i.test(name)) {
      // It stands before those that its brackets hold.
      const index = this.references.push({ path: [], raw: '', start, end: 0, asked: false }) - 1;
      const path = [name.toLowerCase(), ...this.steps(depth)];
      const last = this.tokens[this.at - 1] as Token;
      const end = last.start + last.text.length;
      this.references[index] = { path, raw: this.text.slice(start, end), start, end, asked: false };
    }
  }

  private call(name: string, start: number, depth: number): void {
    this.take();
    const since = this.references.length;
    const first = this.here;
    let count = 0;
    while (!this.is(')')) {
      if (count > 0) this.expect(',');
      this.either(depth + 1);
      count++;
    }
    this.take();
    const literal = first.type === 'string' ? plain(first.text) : undefined;
    this.calls.push({ name, count, literal, start });
    if (ASKING.has(name)) this.onlyAsked(since);
  }

  /** `.name`, `.*`, `['name']`, `[0]`, `[expression]`. */
  private steps(depth: number): (string | undefined)[] {
    const path: (string | undefined)[] = [];
    for (;;) {
      if (this.is('.')) {
        this.take();
        if (this.here.type !== 'name' && !this.is('*')) this.refuse('a name');
        path.push(this.take().text.toLowerCase());
      } else if (this.is('[')) path.push(this.index(depth));
      else return path;
    }
  }

  private index(depth: number): string | undefined {
    this.take();
    const only = this.tokens[this.at + 1]?.text === ']' ? this.here : undefined;
    const since = this.references.length;
    if (this.is('*')) this.take();
    else this.either(depth + 1);
    this.onlyAsked(since);
    this.expect(']');
    if (only?.type === 'string') return plain(only.text).toLowerCase();
    return only?.type === 'number' || only?.text === '*' ? '*' : undefined;
  }
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];

const plain = (quoted: string): string => quoted.slice(1, -1).replaceAll("''", "'");
