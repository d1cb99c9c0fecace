/** One step from a value to another. https://www.rfc-editor.org/rfc/rfc6902 */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  /** A JSON pointer. */
  readonly path: string;
  readonly value?: unknown;
}

type Mapping = Readonly<Record<string, unknown>>;

/** What makes `to` of `from`. Lists of another length are replaced whole. */
export function difference(from: unknown, to: unknown, at = ''): Operation[] {
  if (isMapping(from) && isMapping(to)) return betweenMappings(from, to, at);
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return to.flatMap((item, index) => difference(from[index], item, `${at}/${index}`));
  return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ op: 'replace', path: at, value: to }];
}

function betweenMappings(from: Mapping, to: Mapping, at: string): Operation[] {
  const path = (key: string) => `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const removed = Object.keys(from).filter(key => !Object.hasOwn(to, key));
  return [
    ...removed.map((key): Operation => ({ op: 'remove', path: path(key) })),
    ...Object.entries(to).flatMap(([key, value]): Operation[] =>
      Object.hasOwn(from, key)
        ? difference(from[key], value, path(key))
        : [{ op: 'add', path: path(key), value }],
    ),
  ];
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
