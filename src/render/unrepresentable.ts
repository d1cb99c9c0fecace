/**
 * A value that a format has no way to say. The message describes the value and never quotes it:
 * it may be a secret.
 */
export class Unrepresentable extends Error {
  override readonly name = 'Unrepresentable';
  readonly format: string;
  readonly summary: string;
  readonly reason: string;
  /** Keys that lead to it inside of a value, outermost first. */
  readonly keys: readonly string[];
  /** `template:line:column`, known once a template asked for the value. */
  readonly where: string | undefined;

  constructor(format: string, summary: string, reason: string, keys: readonly string[] = [], where?: string) {
    const place = where === undefined ? '' : `${where}: `;
    const key = keys.length === 0 ? '' : ` at ${keys.join('.')}`;
    super(`${place}${format} cannot say ${summary}${key}: ${reason}`);
    this.format = format;
    this.summary = summary;
    this.reason = reason;
    this.keys = keys;
    this.where = where;
  }

  at(where: string): Unrepresentable {
    if (this.where !== undefined) return this;
    return new Unrepresentable(this.format, this.summary, this.reason, this.keys, where);
  }

  below(key: string): Unrepresentable {
    return new Unrepresentable(this.format, this.summary, this.reason, [key, ...this.keys]);
  }
}

export function refuse(format: string, value: unknown, reason: string): never {
  throw new Unrepresentable(format, summarise(value), reason);
}

function summarise(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
  if (value === undefined) return 'a missing value';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
