import type { YamlEntry, YamlMap } from '../yaml.ts';

export interface Compose {
  readonly root: YamlMap;
  readonly services: readonly YamlEntry[];
}
