import { LineCounter, parseAllDocuments } from 'yaml';

/** A YAML document as plain data, with the line of any path in it. */
export interface YamlDocument {
  data: unknown;
  lineOf(path: (string | number)[]): number;
}

export function readYaml(text: string): YamlDocument[] {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter, logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap(document => {
    if (document.errors.length > 0) return [];
    return [
      {
        data: plain(document),
        lineOf: path => {
          const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
          return node?.range ? counter.linePos(node.range[0]).line : 1;
        },
      },
    ];
  });
}

/** Aliases can be made to grow without end; those aren't followed. */
function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

export function record(value: unknown): Record<string, unknown> {
  return value && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** A reference to an image without digest, and its tag. */
export function imageParts(image: string): { name: string; tag?: string } {
  const bare = image.replace(/@sha256:.*$/, '');
  const match = /^(.*?)(?::([^:/]+))?$/.exec(bare);
  return { name: match?.[1] ?? bare, ...(match?.[2] ? { tag: match[2] } : {}) };
}
