import { at, entryOf, itemsOf, type YamlMap, type YamlNode } from '../../artifacts/yaml.ts';
import type { Fault } from '../schemas/fault.ts';
import { isGiven, known, subdomainFault } from './names.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/ */
export function ingressFaults(root: YamlMap): Fault[] {
  const spec = at(root, 'spec');
  const rules = itemsOf(at(spec, 'rules'));
  const backend = at(spec, 'defaultBackend');
  const place = entryOf(root, 'spec')?.key ?? root;
  return [
    ...(rules.length === 0 && !isGiven(at(spec, 'rules')) && !isGiven(backend)
      ? [{ at: place, message: 'an Ingress with neither rules nor a defaultBackend' }]
      : []),
    ...(isGiven(backend) ? backendFaults(backend) : []),
    ...rules.flatMap(rule => [
      ...hostFaults(at(rule, 'host')),
      ...itemsOf(at(rule, 'http', 'paths')).flatMap(pathFaults),
    ]),
    ...itemsOf(at(spec, 'tls')).flatMap(tls => itemsOf(at(tls, 'hosts')).flatMap(hostFaults)),
  ];
}

function hostFaults(node: YamlNode | undefined): Fault[] {
  const host = known(node);
  if (!node || host === undefined || host === '') return [];
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return [{ at: node, message: `the host ${host} is an address` }];
  const fault = subdomainFault(host.replace(/^\*\./, ''));
  return fault ? [{ at: node, message: `the host "${host}" ${fault}` }] : [];
}

function pathFaults(item: YamlNode): Fault[] {
  const node = at(item, 'path');
  const [path, type] = [known(node), known(at(item, 'pathType'))];
  const backend = at(item, 'backend');
  const absolute = type === 'Exact' || type === 'Prefix';
  return [
    ...(node && path !== undefined && absolute && !path.startsWith('/')
      ? [{ at: node, message: `the path "${path}" does not begin with /` }]
      : []),
    ...(isGiven(backend) ? backendFaults(backend) : []),
  ];
}

function backendFaults(backend: YamlNode): Fault[] {
  const [service, resource] = [at(backend, 'service'), at(backend, 'resource')];
  if (isGiven(service) === isGiven(resource)) {
    const many = isGiven(service) ? 'a service and a resource' : 'neither a service nor a resource';
    return backend.kind === 'map' ? [{ at: backend, message: `a backend with ${many}` }] : [];
  }
  if (!isGiven(service) || service.kind !== 'map') return [];
  const port = at(service, 'port');
  const given = ['name', 'number'].filter(key => isGiven(at(port, key)));
  return given.length === 1 || (port !== undefined && port.kind !== 'map')
    ? []
    : [
        {
          at: port ?? service,
          message: `the port of service ${known(at(service, 'name')) ?? ''} has ${given.length === 0 ? 'neither name nor number' : 'a name and a number'}`,
        },
      ];
}
