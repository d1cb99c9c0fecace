export type Draft = Record<string, unknown>;

/** Without the keys that have no value. */
export function defined(values: Record<string, unknown>): Draft {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** A `${` that is meant as it stands. */
export function literal(value: string): string {
  return value.replace(/\$\{/g, '$$$${');
}
