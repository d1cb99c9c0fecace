import {
  at,
  entriesOf,
  entryOf,
  itemsOf,
  numberOf,
  type YamlMap,
  type YamlNode,
} from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { isGiven, known, portFault } from './names.ts';
import { shareFaults } from './workload.ts';

/** Keys that the types of Secrets ask for: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** ConfigMaps and Secrets. */
export function dataFaults(root: YamlMap): Fault[] {
  const entries = ['data', 'stringData', 'binaryData'].flatMap(name => entriesOf(at(root, name)));
  const keys = entries.flatMap(({ key }) =>
    known(key) !== undefined && !/^[-._a-zA-Z0-9]{1,253}$/.test(key.source)
      ? [{ at: key, message: `the key "${key.source}" may hold only letters, digits, -, _ and .` }]
      : [],
  );
  const type = at(root, 'type');
  const wanted = SECRET_KEYS[known(type) ?? ''] ?? [];
  const missing = wanted.filter(name => !entries.some(({ key }) => key.source === name));
  return type && missing.length > 0
    ? [...keys, { at: type, message: `a Secret of type ${known(type)} lacks ${missing.join(' and ')}` }]
    : keys;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
export function autoscalerFaults(root: YamlMap): Fault[] {
  const spec = at(root, 'spec');
  const [least, most] = [at(spec, 'minReplicas'), at(spec, 'maxReplicas')];
  const [min, max] = [numberOf(least), numberOf(most)];
  const bounds: Fault[] =
    most && max !== undefined && max < Math.max(min ?? 1, 1)
      ? [
          {
            at: most,
            message: `maxReplicas ${max} is less than ${min === undefined ? '1' : `minReplicas ${min}`}`,
          },
        ]
      : [];
  return [...bounds, ...itemsOf(at(spec, 'metrics')).flatMap(metricFaults)];
}

/** `ContainerResource` → `containerResource`. */
const SOURCES = new Set(['ContainerResource', 'External', 'Object', 'Pods', 'Resource']);

function metricFaults(metric: YamlNode): Fault[] {
  const node = at(metric, 'type');
  const type = known(node);
  if (!node || type === undefined || !SOURCES.has(type)) return [];
  const key = `${type[0]?.toLowerCase()}${type.slice(1)}`;
  const source = at(metric, key);
  if (!isGiven(source)) return [{ at: node, message: `a metric of type ${type} without ${key}` }];
  const target = at(source, 'target');
  const given = ['averageUtilization', 'averageValue', 'value'].filter(key => isGiven(at(target, key)));
  return target?.kind === 'map' && given.length !== 1
    ? [{ at: target, message: `a target with ${given.join(' and ') || 'no value'}; one is needed` }]
    : [];
}

export function budgetFaults(root: YamlMap): Fault[] {
  const spec = at(root, 'spec');
  const both = entryOf(spec, 'maxUnavailable');
  return [
    ...(both && isGiven(both.value) && isGiven(at(spec, 'minAvailable'))
      ? [{ at: both.key, message: 'maxUnavailable stands beside minAvailable; one of them is allowed' }]
      : []),
    ...['minAvailable', 'maxUnavailable'].flatMap(key => shareFaults(spec, key)),
  ];
}

export function claimFaults(root: YamlMap): Fault[] {
  const spec = at(root, 'spec');
  const place = entryOf(root, 'spec')?.key ?? root;
  const missing = [
    ...(isGiven(at(spec, 'accessModes')) ? [] : ['accessModes']),
    ...(isGiven(at(spec, 'resources', 'requests', 'storage')) ? [] : ['resources.requests.storage']),
  ];
  return missing.length > 0
    ? [{ at: place, message: `a PersistentVolumeClaim lacks ${missing.join(' and ')}` }]
    : [];
}

export function policyFaults(root: YamlMap): Fault[] {
  return (
    [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const
  ).flatMap(([direction, side]) =>
    itemsOf(at(root, 'spec', direction)).flatMap(rule => [
      ...itemsOf(at(rule, 'ports')).flatMap(item => {
        const node = at(item, 'port');
        const fault = portFault(node);
        return node && fault ? [{ at: node, message: `the port "${known(node)}" ${fault}` }] : [];
      }),
      ...itemsOf(at(rule, side)).flatMap(peer =>
        isGiven(at(peer, 'ipBlock')) && (at(peer, 'podSelector') || at(peer, 'namespaceSelector'))
          ? [{ at: peer, message: 'a peer has an ipBlock and a selector; it is one or the other' }]
          : [],
      ),
    ]),
  );
}
