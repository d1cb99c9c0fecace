export interface GunicornSetting {
  readonly name: string;
  /** A string or number that stands there as it is; undefined for anything that has to be computed. */
  readonly value: string | number | undefined;
  /** The expression as written. */
  readonly raw: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Names of the module, which are what gunicorn takes: assignments at the left edge, and what is imported as one. */
export function settings(content: string): readonly GunicornSetting[] {
  return [...imported(content), ...assigned(content)].sort((a, b) => a.start - b.start);
}

/** `from workers import Patient as worker_class` */
function imported(content: string): readonly GunicornSetting[] {
  return [...content.matchAll(/^from [\w.]+ import (\w+) as ([a-z_][a-z_0-9]*)/gm)].map(match => ({
    name: match[2] ?? '',
    raw: match[1] ?? '',
    value: undefined,
    start: match.index,
    valueStart: match.index,
    end: match.index + match[0].length,
  }));
}

function assigned(content: string): readonly GunicornSetting[] {
  return [...content.matchAll(/^([a-z_][a-z_0-9]*)[ \t]*=[ \t]*(?!=)([^\n]*)/gm)].map(match => {
    const [whole, name = '', rest = ''] = match;
    const raw = withoutComment(rest.replace(/\r$/, ''));
    const valueStart = match.index + whole.length - rest.length;
    return { name, raw, value: literal(raw), start: match.index, valueStart, end: valueStart + raw.length };
  });
}

function withoutComment(text: string): string {
  const string = /^(?:"[^"]*"|'[^']*')/.exec(text)?.[0] ?? '';
  const hash = text.indexOf('#', string.length);
  return (hash === -1 ? text : text.slice(0, hash)).trimEnd();
}

function literal(raw: string): string | number | undefined {
  if (/^-?\d[\d_]*(?:\.\d+)?$/.test(raw)) return Number(raw.replaceAll('_', ''));
  return /^(["'])([^"'\\]*)\1$/.exec(raw)?.[2];
}
