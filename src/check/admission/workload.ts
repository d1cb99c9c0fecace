import { type KubernetesObject, podTemplate } from '../../artifacts/kubernetes/object.ts';
import { at, entriesOf, entryOf, isNull, itemsOf, numberOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { scheduleFault } from './cron.ts';
import { isGiven, known, labelFaults } from './names.ts';

const CONTROLLERS = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);

/** What the API server refuses in a workload beyond its schema, its pods apart. */
export function workloadFaults(object: KubernetesObject): Fault[] {
  const { kind, root } = object;
  const template = podTemplate(object);
  const spec = at(root, 'spec');
  return [
    ...(CONTROLLERS.has(kind) && template ? selectorFaults(spec, template) : []),
    ...(template ? restartFaults(kind, template) : []),
    ...strategyFaults(kind, spec),
    ...negative(at(spec, 'replicas'), 'replicas'),
    ...(kind === 'CronJob' ? schedule(at(spec, 'schedule')) : []),
  ];
}

function selectorFaults(spec: YamlNode | undefined, template: YamlNode): Fault[] {
  const selector = at(spec, 'selector');
  const place = entryOf(spec, 'selector')?.key;
  if (selector?.kind !== 'map' || !place) return [];
  if (selector.entries.size === 0) return [{ at: place, message: 'its selector is empty' }];
  const labels = at(template, 'metadata', 'labels');
  const carried = (key: string) => known(at(labels, key));
  const has = (key: string) => isGiven(at(labels, key));
  const pairs = entriesOf(at(selector, 'matchLabels')).flatMap(({ key, value }): Fault[] => {
    const wanted = known(value);
    if (wanted === undefined || (has(key.source) && carried(key.source) === undefined)) return [];
    if (wanted === carried(key.source)) return [];
    const instead = has(key.source) ? `${key.source}=${carried(key.source)}` : `no ${key.source}`;
    return [
      {
        at: key,
        message: `it selects pods with ${key.source}=${wanted}, and its own template has ${instead}`,
      },
    ];
  });
  const expressions = itemsOf(at(selector, 'matchExpressions')).flatMap(item => {
    const key = known(at(item, 'key'));
    const fits = key === undefined || expressionFits(item, has(key), carried(key));
    return fits ? [] : [{ at: item, message: `its own template does not fit its selector for ${key}` }];
  });
  return [...labelFaults(at(selector, 'matchLabels')), ...pairs, ...expressions];
}

function expressionFits(item: YamlNode, has: boolean, value: string | undefined): boolean {
  const values = itemsOf(at(item, 'values')).map(known);
  if ((has && value === undefined) || values.includes(undefined)) return true;
  switch (known(at(item, 'operator'))) {
    case 'In':
      return has && values.includes(value);
    case 'NotIn':
      return !has || !values.includes(value);
    case 'Exists':
      return has;
    case 'DoesNotExist':
      return !has;
    default:
      return true;
  }
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
function restartFaults(kind: string, template: YamlNode): Fault[] {
  const pod = at(template, 'spec');
  const node = at(pod, 'restartPolicy');
  const policy = known(node);
  if (CONTROLLERS.has(kind) && node && policy !== undefined && policy !== 'Always')
    return [{ at: node, message: `restartPolicy of a ${kind} is ${policy}; it can only be Always` }];
  if ((kind !== 'Job' && kind !== 'CronJob') || !pod) return [];
  if (!isGiven(node)) {
    const place = entryOf(template, 'spec')?.key ?? pod;
    return [
      { at: place, message: `a ${kind} needs restartPolicy Never or OnFailure; the default is Always` },
    ];
  }
  return policy === 'Always'
    ? [{ at: node, message: `restartPolicy of a ${kind} is Always; it can be Never or OnFailure` }]
    : [];
}

function strategyFaults(kind: string, spec: YamlNode | undefined): Fault[] {
  if (kind !== 'Deployment') return [];
  const rolling = at(spec, 'strategy', 'rollingUpdate');
  if (!rolling || isNull(rolling)) return [];
  if (known(at(spec, 'strategy', 'type')) === 'Recreate')
    return [{ at: rolling, message: 'rollingUpdate stands beside the strategy Recreate' }];
  const [surge, unavailable] = ['maxSurge', 'maxUnavailable'].map(key => at(rolling, key));
  const isZero = (node: YamlNode | undefined) => /^0%?$/.test(known(node) ?? '');
  return [
    ...shareFaults(rolling, 'maxSurge'),
    ...shareFaults(rolling, 'maxUnavailable'),
    ...(isZero(surge) && isZero(unavailable)
      ? [{ at: rolling, message: 'maxSurge and maxUnavailable are both 0: nothing could ever be replaced' }]
      : []),
  ];
}

/** A number, or a share such as 25%. */
export function shareFaults(map: YamlNode | undefined, key: string): Fault[] {
  const node = at(map, key);
  const text = known(node);
  if (!node || text === undefined || numberOf(node) !== undefined) return negative(node, key);
  return /^\d+%$/.test(text)
    ? []
    : [{ at: node, message: `${key} is "${text}", neither a number nor a share such as 25%` }];
}

function negative(node: YamlNode | undefined, name: string): Fault[] {
  const number = numberOf(node);
  return node && number !== undefined && number < 0 ? [{ at: node, message: `${name} is ${number}` }] : [];
}

function schedule(node: YamlNode | undefined): Fault[] {
  const text = known(node);
  const fault = text === undefined ? undefined : scheduleFault(text);
  return node && fault ? [{ at: node, message: `the schedule "${text}" ${fault}` }] : [];
}
