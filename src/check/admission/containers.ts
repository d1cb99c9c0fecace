import { at, entriesOf, itemsOf, numberOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { isGiven, known, labelFault, portFault, portNameFault } from './names.ts';
import { probeFaults } from './probes.ts';
import { resourceFaults } from './resources.ts';

const CONTAINER_LISTS = ['initContainers', 'containers'] as const;

/** What the API server refuses in containers beyond their schema. `mountable` are the names of volumes. */
export function containerFaults(pod: YamlNode, mountable: ReadonlySet<string> | undefined): Fault[] {
  const containers = CONTAINER_LISTS.flatMap(list => itemsOf(at(pod, list)));
  return [
    ...duplicates(containers, 'name', name => `two containers are named ${name}`),
    ...containers.flatMap(container => {
      const name = known(at(container, 'name'));
      const said = (fault: Fault): Fault => ({
        ...fault,
        message: `${name === undefined ? 'a container' : `container ${name}`}: ${fault.message}`,
      });
      return [
        ...named(container),
        ...ports(container),
        ...environment(container),
        ...mounts(container, mountable),
        ...probeFaults(container),
        ...resourceFaults(at(container, 'resources')),
      ].map(said);
    }),
  ];
}

/** Items of a list that say the same under a key, the later ones. */
export function duplicates(
  items: readonly YamlNode[],
  key: string,
  message: (value: string) => string,
): Fault[] {
  const seen = new Set<string>();
  return items.flatMap(item => {
    const node = at(item, key);
    const value = known(node);
    if (!node || value === undefined) return [];
    if (seen.has(value)) return [{ at: node, message: message(value) }];
    seen.add(value);
    return [];
  });
}

function named(container: YamlNode): Fault[] {
  const node = at(container, 'name');
  const name = known(node);
  const fault = name === undefined ? undefined : labelFault(name);
  return [
    ...(fault && node ? [{ at: node, message: `the name "${name}" ${fault}` }] : []),
    ...(container.kind === 'map' && !isGiven(at(container, 'image'))
      ? [{ at: container, message: 'it has no image' }]
      : []),
  ];
}

function ports(container: YamlNode): Fault[] {
  const items = itemsOf(at(container, 'ports'));
  return [
    ...duplicates(items, 'name', name => `two ports are named ${name}`),
    ...items.flatMap(item =>
      ['name', 'containerPort', 'hostPort'].flatMap(key => {
        const node = at(item, key);
        const text = known(node);
        if (!node || text === undefined) return [];
        const number = numberOf(node);
        if (key === 'hostPort' && number === 0) return [];
        const fault =
          key === 'name' ? portNameFault(text) : number === undefined ? undefined : portFault(node);
        const what = key === 'name' ? `port name "${text}"` : key;
        return fault ? [{ at: node, message: `${what} ${fault}` }] : [];
      }),
    ),
  ];
}

const SOURCES = ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'];

function environment(container: YamlNode): Fault[] {
  return itemsOf(at(container, 'env')).flatMap(item => {
    const [name, value, from] = [known(at(item, 'name')), at(item, 'value'), at(item, 'valueFrom')];
    if (!isGiven(from)) return [];
    if (value && known(value) !== undefined && known(value) !== '')
      return [{ at: from, message: `variable ${name ?? ''} has a value and valueFrom` }];
    const count = SOURCES.filter(source => isGiven(at(from, source))).length;
    const unknown = entriesOf(from).some(({ key }) => !SOURCES.includes(key.source));
    return count === 1 || unknown
      ? []
      : [{ at: from, message: `valueFrom of variable ${name ?? ''} has ${count} sources, not one` }];
  });
}

function mounts(container: YamlNode, mountable: ReadonlySet<string> | undefined): Fault[] {
  const items = itemsOf(at(container, 'volumeMounts'));
  return [
    ...duplicates(items, 'mountPath', path => `two volumes are mounted at ${path}`),
    ...items.flatMap(item => {
      const node = at(item, 'name');
      const name = known(node);
      return node && name !== undefined && mountable && !mountable.has(name)
        ? [{ at: node, message: `the volume ${name} that it mounts is not among those of the pod` }]
        : [];
    }),
  ];
}
