import { dedented, embed, type Text } from './text.ts';

/** YAML as a tree that knows where each value stands; anchors are resolved and merge keys applied. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

interface Standing {
  /** Merged trees hold nodes of several files: each knows its own. */
  readonly text: Text;
  readonly start: number;
  readonly end: number;
  /** Compose's own: what other files say of it counts no longer. */
  readonly replaces?: true;
}

export interface YamlScalar extends Standing {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without its quotes: `0755` and `1.10` keep what a number would lose. */
  readonly source: string;
  readonly plain: boolean;
  /** `|` or `>`: its lines are those of the file. */
  readonly block: boolean;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMap extends Standing {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

interface YamlList extends Standing {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

type Maybe = YamlNode | undefined;

/** The node below, by keys and indices; undefined where a step is not there. */
export function at(node: Maybe, ...path: readonly (string | number)[]): Maybe {
  let here = node;
  for (const step of path) {
    if (here?.kind === 'map') here = here.entries.get(String(step))?.value;
    else if (here?.kind === 'list' && typeof step === 'number') here = here.items[step];
    else return undefined;
  }
  return here;
}

export const entryOf = (node: Maybe, key: string): YamlEntry | undefined =>
  node?.kind === 'map' ? node.entries.get(key) : undefined;

export const entriesOf = (node: Maybe): readonly YamlEntry[] =>
  node?.kind === 'map' ? [...node.entries.values()] : [];

export const itemsOf = (node: Maybe): readonly YamlNode[] => (node?.kind === 'list' ? node.items : []);

/** The text of a scalar as written; undefined for null, maps and lists. */
export const textOfNode = (node: Maybe): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? node.source : undefined;

export const numberOf = (node: Maybe): number | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;

export const booleanOf = (node: Maybe): boolean | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;

export const isNull = (node: Maybe): boolean => node?.kind === 'scalar' && node.value === null;

export const placeOf = (node: Standing) => node.text.place(node.start);

/** The text of a scalar that holds an artifact, such as a script: its lines are those of the file. */
export function textWithin(node: YamlScalar): Text {
  const { text, start, end } = node;
  if (!node.block) return embed(text, [{ text: node.source, offset: node.plain ? start : start + 1 }]);
  const header = text.content.indexOf('\n', start);
  return header === -1 || header >= end ? embed(text, []) : dedented(text, header + 1, end);
}
