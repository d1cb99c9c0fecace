import type { Model, Service } from '../../model/model.ts';
import { BASIC_AUTH, ingressOf } from './exposure.ts';
import { labels, labelsOf, selector } from './names.ts';
import type { Manifest } from './object.ts';
import { mostReplicas } from './replicas.ts';
import { authName, grpcServiceName, middlewaresFor, refusedName, TRAEFIK } from './traefik-annotations.ts';
import { traffic } from './traffic.ts';

const API = 'traefik.io/v1alpha1';

/** What Traefik keeps in objects of its own. */
export const traefik = (model: Model): Manifest[] => {
  const expose = ingressOf(model);
  if (expose?.class !== 'traefik') return [];
  const all = traffic(model);
  const used = all.flatMap(({ service, sections }) =>
    sections.flatMap(section => middlewaresFor(model, expose, service, section)),
  );
  const shared = { [refusedName(model)]: REFUSED, [authName(model)]: AUTH };
  return [
    ...Object.entries(shared)
      .filter(([name]) => used.includes(name))
      .map(([name, spec]) => middleware('ingress', name, labels(model, name, 'ingress'), spec)),
    ...all.flatMap(({ service, sections }) => [
      ...ownMiddlewares(model, service).filter(({ object }) => used.includes(object.metadata.name)),
      transport(model, service),
      ...(sections.some(({ kind }) => kind === 'grpc') && !service.grpc?.tls
        ? [grpcService(model, service)]
        : []),
    ]),
  ];
};

/** Nobody comes from the proxy's own loopback, so all are told that there is nothing. */
const REFUSED = { ipAllowList: { sourceRange: ['127.0.0.1/32'], rejectStatusCode: 404 } };
const AUTH = { basicAuth: { secret: BASIC_AUTH, removeHeader: true } };

function ownMiddlewares(model: Model, service: Service): Manifest[] {
  const { body, rps, concurrency } = service.limits;
  const named = (end: string, spec: object) =>
    middleware(service.key, `${service.unit}-${end}`, labelsOf(model, service), spec);
  return [
    ...(rps === undefined ? [] : [named('rate', { rateLimit: rateOf(rps) })]),
    ...(concurrency === undefined
      ? []
      : [named('concurrency', { inFlightReq: { amount: concurrency * mostReplicas(service) } })]),
    named('body', { buffering: { maxRequestBodyBytes: body } }),
  ];
}

/** For each client; at once may come what a second allows. */
const rateOf = (rps: number): object =>
  Number.isInteger(rps)
    ? { average: rps, burst: rps }
    : { average: Math.max(1, Math.round(rps * 60)), period: '1m', burst: Math.ceil(rps) };

const middleware = (
  file: string,
  name: string,
  own: Readonly<Record<string, string>>,
  spec: object,
): Manifest => ({
  file,
  object: { apiVersion: API, kind: 'Middleware', metadata: { name, labels: own }, spec },
});

/** A stream's answer begins early, so the time of all else holds for its beginning too. */
const transport = (model: Model, service: Service): Manifest => ({
  file: service.key,
  object: {
    apiVersion: API,
    kind: 'ServersTransport',
    metadata: { name: service.unit, labels: labelsOf(model, service) },
    spec: {
      forwardingTimeouts: { responseHeaderTimeout: `${Math.ceil(service.timing.proxyRead / 1_000)}s` },
    },
  },
});

const grpcService = (model: Model, service: Service): Manifest => ({
  file: service.key,
  object: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: grpcServiceName(service),
      labels: labelsOf(model, service),
      annotations: { [`${TRAEFIK}/service.serversscheme`]: 'h2c' },
    },
    spec: {
      selector: selector(service.unit),
      ports: [
        { name: 'grpc', port: service.grpc?.port, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' },
      ],
    },
  },
});
