import { at, entriesOf, numberOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { isGiven, known, portFault } from './names.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];
const HOOKS = ['exec', 'httpGet', 'sleep', 'tcpSocket'];
const NUMBERS = [
  'failureThreshold',
  'initialDelaySeconds',
  'periodSeconds',
  'successThreshold',
  'timeoutSeconds',
];

/** Probes and hooks of a container: one way each, to a port that can be one. */
export const probeFaults = (container: YamlNode): Fault[] => [
  ...PROBES.flatMap(name => {
    const probe = at(container, name);
    return isGiven(probe) ? [...handlerFaults(probe, name, HANDLERS), ...numberFaults(probe, name)] : [];
  }),
  ...['postStart', 'preStop'].flatMap(name => {
    const hook = at(container, 'lifecycle', name);
    return isGiven(hook) ? handlerFaults(hook, name, HOOKS) : [];
  }),
];

function handlerFaults(node: YamlNode, name: string, ways: readonly string[]): Fault[] {
  const given = ways.filter(way => isGiven(at(node, way)));
  const odd = entriesOf(node).some(({ value }) => known(value) === undefined && value.kind === 'scalar');
  if (given.length === 0) return odd ? [] : [{ at: node, message: `${name} has none of ${ways.join(', ')}` }];
  if (given.length > 1) return [{ at: node, message: `${name} has ${given.join(' and ')}; one is allowed` }];
  const port = at(node, given[0] ?? '', 'port');
  const fault = portFault(port);
  return fault && port ? [{ at: port, message: `the port "${known(port)}" of ${name} ${fault}` }] : [];
}

function numberFaults(probe: YamlNode, name: string): Fault[] {
  const negative = NUMBERS.flatMap(key => {
    const node = at(probe, key);
    return node && (numberOf(node) ?? 0) < 0
      ? [{ at: node, message: `${key} of ${name} is ${numberOf(node)}` }]
      : [];
  });
  const threshold = at(probe, 'successThreshold');
  const number = numberOf(threshold);
  // 0 is taken for the default.
  return threshold && number !== undefined && number > 1 && name !== 'readinessProbe'
    ? [...negative, { at: threshold, message: `successThreshold of ${name} is ${number}; it has to be 1` }]
    : negative;
}
