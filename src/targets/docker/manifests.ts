/** `a/b.txt` → `a/` and `b.txt`; the folder is empty at the top. */
export function splitPath(path: string): { folder: string; base: string } {
  const normal = path.replace(/^(?:\.\/)+/, '');
  const slash = normal.lastIndexOf('/');
  return { folder: normal.slice(0, slash + 1), base: normal.slice(slash + 1) };
}

/** COPY's sources are patterns: what the user wrote stands for itself. */
const literal = (path: string): string => path.replaceAll(/[*?[]/g, '[$&]');

/** Sources and destination of a COPY of files of one folder; `patterns` are ours. */
export const copyOf = (folder: string, patterns: readonly string[]): string[] => [
  ...patterns.map(pattern => literal(folder) + pattern),
  folder || './',
];

export const literalPattern = literal;
