import type { YamlMap, YamlNode, YamlScalar } from '../yaml.ts';

export interface Workflow {
  readonly root: YamlMap;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly id: YamlScalar;
  readonly node: YamlNode;
  readonly steps: readonly YamlNode[];
}
