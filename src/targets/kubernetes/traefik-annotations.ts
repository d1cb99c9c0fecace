import type { Model, Service } from '../../model/model.ts';
import { type IngressExposure, ingressOf } from './exposure.ts';
import type { Section } from './traffic.ts';

export const TRAEFIK = 'traefik.ingress.kubernetes.io';

/** https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/ */
export function traefikAnnotations(
  model: Model,
  expose: IngressExposure,
  service: Service,
  section: Section,
): Record<string, string> {
  const names = middlewaresFor(model, expose, service, section).map(name => reference(model, name));
  return {
    ...(model.domain === undefined
      ? {}
      : { [`${TRAEFIK}/router.entrypoints`]: 'websecure', [`${TRAEFIK}/router.tls`]: 'true' }),
    ...(names.length > 0 ? { [`${TRAEFIK}/router.middlewares`]: names.join(',') } : {}),
  };
}

/** An object of the same namespace, as annotations name it. */
const reference = ({ namespace }: Model, name: string): string => `${namespace}-${name}@kubernetescrd`;

/** Of a Service: how long its answers may take to begin. */
export const traefikServiceAnnotations = (
  model: Model,
  { unit, publicPath }: Service,
): Readonly<Record<string, string>> =>
  ingressOf(model)?.class === 'traefik' && publicPath !== undefined
    ? { [`${TRAEFIK}/service.serverstransport`]: reference(model, unit) }
    : {};

/** All of a Service is spoken to in one way, so gRPC has one of its own. */
export const grpcServiceName = ({ unit }: Service): string => `${unit}-grpc`;

export const refusedName = ({ name }: Model): string => `${name}-refused`;
export const authName = ({ name }: Model): string => `${name}-auth`;

/** The names of what stands before a section, in the order of a request. */
export function middlewaresFor(
  model: Model,
  { auth }: IngressExposure,
  service: Service,
  { kind }: Section,
): string[] {
  if (kind === 'refused') return [refusedName(model)];
  const { rps, concurrency } = service.limits;
  return [
    ...(auth === 'basic' ? [authName(model)] : []),
    ...(rps === undefined ? [] : [`${service.unit}-rate`]),
    ...(concurrency === undefined ? [] : [`${service.unit}-concurrency`]),
    // What holds back a request to measure it holds back the answer too: a stream would not flow.
    ...(kind === 'pages' ? [`${service.unit}-body`] : []),
  ];
}
