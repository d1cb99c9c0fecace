import {
  at,
  entryOf,
  itemsOf,
  numberOf,
  textOfNode,
  type YamlMap,
  type YamlNode,
} from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { duplicates } from './containers.ts';
import { isGiven, known, labelFault, labelFaults, portFault } from './names.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
export function serviceFaults(root: YamlMap): Fault[] {
  const spec = at(root, 'spec');
  const place = entryOf(root, 'spec')?.key ?? root;
  const type = known(at(spec, 'type')) ?? 'ClusterIP';
  const ports = itemsOf(at(spec, 'ports'));
  const headless = textOfNode(at(spec, 'clusterIP')) === 'None';
  const unnamed = ports.find(port => !isGiven(at(port, 'name')));
  const lacking =
    type === 'ExternalName'
      ? !isGiven(at(spec, 'externalName')) && 'a Service of type ExternalName has no externalName'
      : ports.length === 0 && !headless && !isGiven(at(spec, 'ports')) && 'a Service without ports';
  return [
    ...(lacking ? [{ at: place, message: lacking }] : []),
    ...labelFaults(at(spec, 'selector')),
    ...(ports.length > 1 && unnamed
      ? [{ at: unnamed, message: `a Service with ${ports.length} ports has one without a name` }]
      : []),
    ...duplicates(ports, 'name', name => `two ports are named ${name}`),
    ...ports.flatMap(port => portFaults(port, type)),
    ...twice(root),
  ];
}

function portFaults(port: YamlNode, type: string): Fault[] {
  const found = ['port', 'targetPort'].flatMap(key => {
    const node = at(port, key);
    // 0 of targetPort is the port itself.
    const fault = key === 'targetPort' && numberOf(node) === 0 ? undefined : portFault(node);
    return node && fault ? [{ at: node, message: `${key} "${known(node)}" ${fault}` }] : [];
  });
  const [name, nodePort] = [at(port, 'name'), at(port, 'nodePort')];
  const fault = labelFault(known(name) ?? 'a');
  return [
    ...found,
    ...(name && fault ? [{ at: name, message: `the port name "${known(name)}" ${fault}` }] : []),
    ...(nodePort && (numberOf(nodePort) ?? 0) > 0 && (type === 'ClusterIP' || type === 'ExternalName')
      ? [{ at: nodePort, message: `nodePort ${numberOf(nodePort)} stands in a Service of type ${type}` }]
      : []),
  ];
}

function twice(root: YamlMap): Fault[] {
  const seen = new Set<string>();
  return itemsOf(at(root, 'spec', 'ports')).flatMap(port => {
    const node = at(port, 'port');
    const number = known(node);
    const protocol = known(at(port, 'protocol')) ?? 'TCP';
    const key = `${number}/${protocol}`;
    if (!node || number === undefined || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ at: node, message: `the port ${key} is there twice` }];
  });
}
