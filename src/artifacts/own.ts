/** What a table says of a name that somebody else wrote: `constructor` is in every object, and in no table. */
export const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
