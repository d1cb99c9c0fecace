import { type Model, type Service, servicesOf } from '../../model/model.ts';

type Exposure = NonNullable<NonNullable<Model['targets']['kubernetes']>['expose']>;
type GatewayExposure = Extract<Exposure, { kind: 'gateway' }>;
export type IngressExposure = Extract<Exposure, { kind: 'ingress' }>;

/** The Secret of basic authentication, which an operator makes. */
export const BASIC_AUTH = 'basic-auth';

export const exposureOf = ({ targets }: Model): Exposure | undefined => targets.kubernetes?.expose;

export const gatewayOf = (model: Model): GatewayExposure | undefined => {
  const expose = exposureOf(model);
  return expose?.kind === 'gateway' ? expose : undefined;
};

export const ingressOf = (model: Model): IngressExposure | undefined => {
  const expose = exposureOf(model);
  return expose?.kind === 'ingress' ? expose : undefined;
};

/** `infra/public` is a Gateway of another namespace. */
export const gatewayName = ({ gateway }: GatewayExposure): { namespace?: string; name: string } => {
  const [first = '', second] = gateway.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
};

/** Who has a Gateway or an Ingress controller before it; where none is named, nobody. */
export const publicServices = (model: Model): readonly Service[] =>
  gatewayOf(model) || ingressOf(model)
    ? servicesOf(model, 'kubernetes').filter(({ publicPath }) => publicPath !== undefined)
    : [];

/** The Secret that cert-manager keeps the certificate of the domain in. */
export const certificateName = ({ name }: Model): string => `${name}-tls`;
