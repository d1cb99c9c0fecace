import { isStateful } from '../../model/cluster.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { labelsOf, podsName, selector } from './names.ts';
import type { Manifest } from './object.ts';
import { portsOf } from './ports.ts';
import { traefikServiceAnnotations } from './traefik-annotations.ts';

/** Who has a port has a name and an address; pods with data have names of their own besides. */
export const service = (model: Model): Manifest[] =>
  servicesOf(model, 'kubernetes')
    .filter(({ kind }) => kind !== 'job')
    .flatMap(each => [
      ...(portsOf(each).length > 0 ? [serviceObject(model, each, each.unit, {})] : []),
      ...(isStateful(each)
        ? [
            // The pods find each other while they are starting, too.
            serviceObject(model, each, podsName(each), { clusterIP: 'None', publishNotReadyAddresses: true }),
          ]
        : []),
    ]);

function serviceObject(model: Model, each: Service, name: string, spec: object): Manifest {
  const ports = portsOf(each).map(({ name: port, port: number, protocol }) => ({
    name: port,
    port: number,
    targetPort: port,
    appProtocol: protocol,
  }));
  return {
    file: each.key,
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        labels: labelsOf(model, each),
        ...(name === each.unit ? annotated(traefikServiceAnnotations(model, each)) : {}),
      },
      spec: { ...spec, selector: selector(each.unit), ports: ports.length > 0 ? ports : undefined },
    },
  };
}

const annotated = (annotations: Readonly<Record<string, string>>) =>
  Object.keys(annotations).length > 0 ? { annotations } : {};
