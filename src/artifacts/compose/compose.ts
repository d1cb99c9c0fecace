import type { YamlEntry, YamlMap, YamlNode } from '../yaml.ts';

export interface Compose {
  readonly root: YamlMap;
  readonly services: readonly YamlEntry[];
}

/** The text of a node with its variables filled in; undefined where one is only known elsewhere. */
export type Value = (node: YamlNode | undefined) => string | undefined;
