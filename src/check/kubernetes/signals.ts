import { at, itemsOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';

/** A resource that is looked at, as a share of the request or not; of one container or of all. */
export interface Signal {
  readonly resource: string;
  readonly share: boolean;
  readonly container: string | undefined;
  readonly node: YamlNode;
}

/** What an autoscaler looks at of pods' own resources. */
export const signalsOf = (spec: YamlNode | undefined): readonly Signal[] => [
  ...resources(itemsOf(at(spec, 'metrics'))),
  ...oldSignal(spec),
];

const resources = (metrics: readonly YamlNode[]): readonly Signal[] =>
  metrics.flatMap(node => {
    const part = at(node, 'resource') ?? at(node, 'containerResource');
    const resource = textOfNode(at(part, 'name'));
    if (!part || !resource) return [];
    // autoscaling/v2beta1 had the share beside the name.
    const share =
      textOfNode(at(part, 'target', 'type')) === 'Utilization' ||
      at(part, 'targetAverageUtilization') !== undefined;
    return [{ resource, share, container: textOfNode(at(node, 'containerResource', 'container')), node }];
  });

const oldSignal = (spec: YamlNode | undefined): readonly Signal[] => {
  const node = at(spec, 'targetCPUUtilizationPercentage');
  return node ? [{ resource: 'cpu', share: true, container: undefined, node }] : [];
};
