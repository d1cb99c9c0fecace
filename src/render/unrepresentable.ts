/**
 * A value that a format has no way to say. The message describes the value and never quotes it:
 * it may be a secret.
 */
export class Unrepresentable extends Error {
  override readonly name = 'Unrepresentable';
  readonly format: string;
  readonly summary: string;
  readonly reason: string;
  /** `template:line:column`, known once a template asked for the value. */
  readonly where: string | undefined;

  constructor(format: string, summary: string, reason: string, where?: string) {
    super(`${where === undefined ? '' : `${where}: `}${format} cannot say ${summary}: ${reason}`);
    this.format = format;
    this.summary = summary;
    this.reason = reason;
    this.where = where;
  }

  at(where: string): Unrepresentable {
    return this.where === undefined
      ? new Unrepresentable(this.format, this.summary, this.reason, where)
      : this;
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
