import type { Model, Service } from '../../model/model.ts';
import { gatewayOf } from './exposure.ts';
import { labels, labelsOf } from './names.ts';
import type { Manifest } from './object.ts';
import { mostReplicas } from './replicas.ts';
import { bytes } from './resources.ts';
import { traffic } from './traffic.ts';

const GROUP = 'gateway.envoyproxy.io';
const API = `${GROUP}/v1alpha1`;

const withEnvoy = (model: Model): boolean => gatewayOf(model)?.implementation === 'envoy';

const refusalName = ({ name }: Model): string => `${name}-refused`;

/** What Envoy Gateway adds to a rule that has no backend: an answer that says no more than that there is nothing. */
export const refusal = (model: Model): object =>
  withEnvoy(model)
    ? {
        filters: [
          {
            type: 'ExtensionRef',
            extensionRef: { group: GROUP, kind: 'HTTPRouteFilter', name: refusalName(model) },
          },
        ],
      }
    : {};

/** Limits that the Gateway API has no words for. https://gateway.envoyproxy.io/docs/api/extension_types/ */
export const envoy = (model: Model): Manifest[] => {
  if (!withEnvoy(model)) return [];
  const all = traffic(model);
  const name = refusalName(model);
  const refuses = all.some(({ sections }) => sections.some(({ kind }) => kind === 'refused'));
  const filter = {
    apiVersion: API,
    kind: 'HTTPRouteFilter',
    metadata: { name, labels: labels(model, name, 'gateway') },
    spec: { directResponse: { statusCode: 404 } },
  };
  return [
    ...(refuses ? [{ file: 'gateway', object: filter }] : []),
    ...all.flatMap(({ service }) => policyOf(model, service)),
  ];
};

function policyOf(model: Model, service: Service): Manifest[] {
  const { body, rps, concurrency } = service.limits;
  // What waits for a whole request never sends on the first part of a conversation.
  const converses = service.stream?.kind === 'websocket' || service.grpc?.service !== undefined;
  const limits = {
    requestBuffer: converses ? undefined : { limit: bytes(body) },
    rateLimit: rps === undefined ? undefined : { type: 'Local', local: { rules: ratesOf(rps) } },
    circuitBreaker:
      concurrency === undefined ? undefined : { maxParallelRequests: concurrency * mostReplicas(service) },
  };
  if (Object.values(limits).every(limit => limit === undefined)) return [];
  return [
    {
      file: service.key,
      object: {
        apiVersion: API,
        kind: 'BackendTrafficPolicy',
        metadata: { name: service.unit, labels: labelsOf(model, service) },
        spec: {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: service.unit }],
          ...limits,
        },
      },
    },
  ];
}

/** For each client, by its address. */
const ratesOf = (rps: number): object[] =>
  ['0.0.0.0/0', '::/0'].map(value => ({
    clientSelectors: [{ sourceCIDR: { type: 'Distinct', value } }],
    limit: Number.isInteger(rps)
      ? { requests: rps, unit: 'Second' }
      : { requests: Math.max(1, Math.round(rps * 60)), unit: 'Minute' },
  }));
