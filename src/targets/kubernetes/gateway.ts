import type { Model, Service } from '../../model/model.ts';
import { refusal } from './envoy.ts';
import { certificateName, gatewayName, gatewayOf } from './exposure.ts';
import { labels, labelsOf } from './names.ts';
import type { Manifest } from './object.ts';
import { type Section, traffic } from './traffic.ts';

const GROUP = 'gateway.networking.k8s.io';

/** A route for each public service. */
export const routes = (model: Model): Manifest[] => {
  const expose = gatewayOf(model);
  if (!expose) return [];
  return traffic(model).map(({ service, sections }) => {
    const carried = sections.filter(section => section.kind !== 'grpc' || !service.grpc?.tls);
    return {
      file: service.key,
      object: {
        apiVersion: `${GROUP}/v1`,
        kind: 'HTTPRoute',
        metadata: { name: service.unit, labels: labelsOf(model, service) },
        spec: {
          parentRefs: [gatewayName(expose)],
          hostnames: model.domain === undefined ? undefined : [model.domain],
          rules: carried.map(section => ruleOf(model, service, section)),
        },
      },
      notes: Object.fromEntries(
        carried.map((section, index) => [`/spec/rules/${index}/matches`, note(model, section)]),
      ),
    };
  });
};

/**
 * gRPC is HTTP/2 to the port that says so: a GRPCRoute of the same host name would be refused beside this route.
 * https://gateway-api.sigs.k8s.io/reference/api-types/grpcroute/#cross-serving
 */
function ruleOf(model: Model, { unit, port, grpc }: Service, { kind, matches, patience }: Section): object {
  const match = matches.map(({ path, exact }) => ({
    path: { type: exact ? 'Exact' : 'PathPrefix', value: encoded(path) },
  }));
  if (kind === 'refused') return { matches: match, ...refusal(model) };
  return {
    matches: match,
    timeouts: { request: duration(patience) },
    backendRefs: [{ name: unit, port: kind === 'grpc' ? grpc?.port : port }],
  };
}

const NOTES: Readonly<Record<Exclude<Section['kind'], 'refused'>, string>> = {
  stream: 'Streams, for as long as the longest may last.',
  grpc: 'gRPC.',
  pages: 'All else.',
};

/** https://gateway-api.sigs.k8s.io/reference/api-types/httproute/#backendrefs-optional */
const note = (model: Model, { kind }: Section): string =>
  kind === 'refused'
    ? `Not for the public${'filters' in refusal(model) ? '' : ': without a backend the gateway itself answers, with 404, 500 or 503'}.`
    : NOTES[kind];

/** A Gateway compares with the path as it came, in the characters that a path may have. RFC 3986 */
export const encoded = (path: string): string =>
  path.replaceAll(/[^-A-Za-z0-9/._~!$&'()*+,;=:@]/gu, encodeURIComponent);

/** At most five digits a unit. https://gateway-api.sigs.k8s.io/geps/gep-2257/ */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds < 100_000) return `${seconds}s`;
  const rest = seconds % 3_600;
  return `${Math.floor(seconds / 3_600)}h${rest > 0 ? `${rest}s` : ''}`;
}

/** The certificate of the domain, which a Gateway of another namespace is allowed to show. */
export const certificate = (model: Model): Manifest[] => {
  const expose = gatewayOf(model);
  const { domain } = model;
  if (!expose?.issuer || domain === undefined) return [];
  const { namespace, name: gateway } = gatewayName(expose);
  const name = certificateName(model);
  const metadata = { name, labels: labels(model, name, 'certificate') };
  const grant = {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata,
    spec: {
      from: [{ group: GROUP, kind: 'Gateway', namespace }],
      to: [{ group: '', kind: 'Secret', name }],
    },
  };
  return [
    {
      file: 'certificate',
      object: {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata,
        spec: {
          secretName: name,
          dnsNames: [domain],
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: expose.issuer },
        },
      },
      notes: {
        '/spec/secretName': `A listener of the Gateway ${gateway} names it under tls.certificateRefs.`,
      },
    },
    ...(namespace === undefined ? [] : [{ file: 'certificate', object: grant }]),
  ];
};
