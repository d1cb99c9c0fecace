import type { Fault, Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import { at, itemsOf, textOfNode, type YamlNode } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import type { KubernetesObject } from './object.ts';
import { isOperations } from './patch.ts';

export function parseKubernetes(text: Text): Parsed<readonly KubernetesObject[]> {
  const { roots, faults } = readYaml(text);
  const objects = roots.flatMap(objectsOf);
  const stray = roots.find(root => root.kind !== 'map' && !isOperations(root));
  const more: Fault[] = stray
    ? [
        {
          rule: 'file/unreadable',
          offset: stray.start,
          message: 'a manifest is a mapping with apiVersion and kind',
        },
      ]
    : [];
  return { body: objects, faults: [...faults, ...more] };
}

/** An object, or the items of a List. */
export function objectsOf(root: YamlNode): KubernetesObject[] {
  if (root.kind !== 'map') return [];
  const [apiVersion, kind] = [textOfNode(at(root, 'apiVersion')), textOfNode(at(root, 'kind'))];
  if (!apiVersion || !kind) return [];
  if (kind === 'List') return itemsOf(at(root, 'items')).flatMap(objectsOf);
  return [
    {
      apiVersion,
      kind,
      name: textOfNode(at(root, 'metadata', 'name')) ?? textOfNode(at(root, 'metadata', 'generateName')),
      namespace: textOfNode(at(root, 'metadata', 'namespace')),
      root,
    },
  ];
}
