import { at, booleanOf, itemsOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Workload } from './cluster.ts';

/** What a pod needs to be there before it starts. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'PersistentVolumeClaim' | 'Secret' | 'ServiceAccount';
  readonly name: string;
  /** Which of its keys. */
  readonly key?: string;
  readonly node: YamlNode;
}

/** Everything that a workload's pods refer to and cannot do without. */
export function referencesOf({ spec }: Workload): readonly Reference[] {
  const containers = ['containers', 'initContainers'].flatMap(key => itemsOf(at(spec, key)));
  const account = at(spec, 'serviceAccountName');
  return [
    ...containers.flatMap(each => [
      ...itemsOf(at(each, 'env')).flatMap(item => [
        ...keyed('ConfigMap', at(item, 'valueFrom', 'configMapKeyRef')),
        ...keyed('Secret', at(item, 'valueFrom', 'secretKeyRef')),
      ]),
      ...itemsOf(at(each, 'envFrom')).flatMap(item => [
        ...keyed('ConfigMap', at(item, 'configMapRef')),
        ...keyed('Secret', at(item, 'secretRef')),
      ]),
    ]),
    ...itemsOf(at(spec, 'volumes')).flatMap(volumeReferences),
    ...named('ServiceAccount', account).filter(each => each.name !== 'default'),
  ];
}

function volumeReferences(volume: YamlNode): Reference[] {
  const sources = [volume, ...itemsOf(at(volume, 'projected', 'sources'))];
  return [
    ...sources.flatMap(each => [
      ...files('ConfigMap', at(each, 'configMap'), 'name'),
      ...files('Secret', at(each, 'secret'), each === volume ? 'secretName' : 'name'),
    ]),
    ...named('PersistentVolumeClaim', at(volume, 'persistentVolumeClaim', 'claimName')),
  ];
}

const isOptional = (node: YamlNode | undefined): boolean => booleanOf(at(node, 'optional')) === true;

function named(kind: Reference['kind'], node: YamlNode | undefined): Reference[] {
  const name = textOfNode(node);
  return node && name ? [{ kind, name, node }] : [];
}

function keyed(kind: Reference['kind'], node: YamlNode | undefined): Reference[] {
  const key = textOfNode(at(node, 'key'));
  if (isOptional(node)) return [];
  return named(kind, at(node, 'name')).map(each => ({ ...each, ...(key ? { key } : {}) }));
}

/** Of a volume; the keys that it picks are needed too. */
function files(kind: Reference['kind'], node: YamlNode | undefined, name: string): Reference[] {
  if (isOptional(node)) return [];
  const whole = named(kind, at(node, name));
  const items = itemsOf(at(node, 'items')).flatMap(item => {
    const key = textOfNode(at(item, 'key'));
    return key ? whole.map(each => ({ ...each, key, node: at(item, 'key') ?? each.node })) : [];
  });
  return items.length > 0 ? items : whole;
}
