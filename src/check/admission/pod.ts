import { at, entriesOf, itemsOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { containerFaults, duplicates } from './containers.ts';
import { isGiven, known, labelFault, metadataFaults } from './names.ts';

/** What the API server refuses in a pod, or the template of one, beyond its schema. `claims` are a StatefulSet's. */
export function podFaults(template: YamlNode, claims: readonly YamlNode[] = []): Fault[] {
  const pod = at(template, 'spec');
  if (!pod) return [];
  const volumes = itemsOf(at(pod, 'volumes'));
  return [
    ...metadataFaults(at(template, 'metadata')),
    ...duplicates(volumes, 'name', name => `two volumes are named ${name}`),
    ...volumes.flatMap(volumeFaults),
    ...containerFaults(pod, mountable(volumes, claims)),
  ];
}

/** Undefined where a name is only known elsewhere. */
function mountable(
  volumes: readonly YamlNode[],
  claims: readonly YamlNode[],
): ReadonlySet<string> | undefined {
  const names = [
    ...volumes.map(volume => known(at(volume, 'name'))),
    ...claims.map(claim => known(at(claim, 'metadata', 'name'))),
  ];
  return names.every(name => name !== undefined) ? new Set(names as string[]) : undefined;
}

function volumeFaults(volume: YamlNode): Fault[] {
  const node = at(volume, 'name');
  const name = known(node);
  if (!node || name === undefined) return [];
  const fault = labelFault(name);
  const sources = entriesOf(volume).filter(({ key, value }) => key.source !== 'name' && isGiven(value));
  return [
    ...(fault ? [{ at: node, message: `the volume name "${name}" ${fault}` }] : []),
    ...(sources.length > 1
      ? [
          {
            at: volume,
            message: `the volume ${name} has ${sources.map(({ key }) => key.source).join(' and ')}; one is allowed`,
          },
        ]
      : []),
  ];
}
