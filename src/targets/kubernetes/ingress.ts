import type { Model, Service } from '../../model/model.ts';
import { certificateName, type IngressExposure, ingressOf } from './exposure.ts';
import { nginxAnnotations } from './ingress-nginx.ts';
import { labelsOf } from './names.ts';
import type { Manifest } from './object.ts';
import { grpcServiceName, traefikAnnotations } from './traefik-annotations.ts';
import { type Section, traffic } from './traffic.ts';

/** One for each section, since its annotations hold for all of its paths. */
export const ingress = (model: Model): Manifest[] => {
  const expose = ingressOf(model);
  if (!expose) return [];
  const all = traffic(model).flatMap(({ service, sections }) =>
    sections
      .filter(section => section.kind !== 'grpc' || expose.class === 'nginx' || !service.grpc?.tls)
      .map(section => ({ service, section })),
  );
  // cert-manager makes one certificate for the first that asks, and the others use it.
  const asking = all.find(({ section }) => section.kind === 'pages') ?? all[0];
  return all.map(each => ({
    file: each.service.key,
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: nameOf(each.service, each.section),
        labels: labelsOf(model, each.service),
        annotations: {
          ...(expose.issuer && each === asking ? { 'cert-manager.io/cluster-issuer': expose.issuer } : {}),
          ...(expose.class === 'nginx'
            ? nginxAnnotations(expose, each.service, each.section)
            : traefikAnnotations(model, expose, each.service, each.section)),
        },
      },
      spec: {
        ingressClassName: expose.class,
        tls: tlsOf(model, expose),
        rules: [{ host: model.domain, http: { paths: pathsOf(expose, each.service, each.section) } }],
      },
    },
  }));
};

const nameOf = ({ unit }: Service, { kind }: Section): string =>
  kind === 'pages' ? unit : `${unit}-${kind}`;

/** Without an issuer the controller shows the certificate that it has for the host, or its own. */
const tlsOf = (model: Model, { issuer }: IngressExposure): object[] | undefined =>
  model.domain === undefined
    ? undefined
    : [{ hosts: [model.domain], secretName: issuer ? certificateName(model) : undefined }];

function pathsOf(expose: IngressExposure, service: Service, { kind, matches }: Section): object[] {
  const name = kind === 'grpc' && expose.class === 'traefik' ? grpcServiceName(service) : service.unit;
  return matches.map(({ path, exact }) => ({
    path,
    pathType: exact ? 'Exact' : 'Prefix',
    backend: { service: { name, port: { name: kind === 'grpc' ? 'grpc' : 'http' } } },
  }));
}
