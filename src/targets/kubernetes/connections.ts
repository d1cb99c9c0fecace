import { referencesOf } from '../../config/schema/text.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { egressOf, toDatabase, tracedBy, tracingOf } from './egress.ts';
import { exposureOf, gatewayName, gatewayOf, publicServices } from './exposure.ts';
import { pullName } from './names.ts';
import { type Connection, inNamespace, type Peer, pods } from './network-peers.ts';
import { portsOf } from './ports.ts';

/** Where the controllers' charts put their pods. */
const CONTROLLERS = { nginx: 'ingress-nginx', traefik: 'traefik' } as const;

/** Prometheus by the label that its operator and its charts give it, in whichever namespace it is. */
const PROMETHEUS: Peer = {
  namespaceSelector: {},
  podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
};

/** Google's proxies and health checks are no pods. https://cloud.google.com/load-balancing/docs/firewall-rules */
const GOOGLE: readonly Peer[] = ['35.191.0.0/16', '130.211.0.0/22'].map(cidr => ({ ipBlock: { cidr } }));

export function fromOthers(model: Model, service: Service): Connection[] {
  const callers = servicesOf(model, 'kubernetes')
    .filter(other => other !== service && needs(model, other).includes(service))
    .map(({ unit }) => unit);
  const served = [service.port, service.grpc?.port].filter(port => port !== undefined);
  const connections: Connection[] = [
    { peers: pods(...callers, ...pullers(service)), ports: portsOf(service).map(({ port }) => ({ port })) },
    {
      peers: publicServices(model).includes(service) ? proxies(model) : [],
      ports: served.map(port => ({ port })),
      note: 'The proxy before it.',
    },
    {
      peers: model.targets.kubernetes?.monitor && service.metrics?.port !== undefined ? [PROMETHEUS] : [],
      ports: service.metrics?.port === undefined ? [] : [{ port: service.metrics.port }],
    },
    ...tracedBy(model, service),
  ];
  return connections.filter(({ peers, ports }) => peers.length > 0 && ports.length > 0);
}

/** Who asks a server to fetch its models. */
export const pullers = (service: Service): string[] => (service.models.length > 0 ? [pullName(service)] : []);

function proxies(model: Model): Peer[] {
  const expose = exposureOf(model);
  if (expose === undefined || expose.kind === 'none') return [];
  const google = gatewayOf(model) && model.targets.kubernetes?.gke ? GOOGLE : [];
  if (expose.controller !== undefined) return [inNamespace(expose.controller), ...google];
  if (expose.kind === 'ingress') return [inNamespace(CONTROLLERS[expose.class])];
  const { namespace, name } = gatewayName(expose);
  // https://gateway-api.sigs.k8s.io/geps/gep-1762/
  const own: Peer = { podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': name } } };
  return [namespace === undefined ? own : inNamespace(namespace), ...google];
}

export function toOthers(model: Model, service: Service): Connection[] {
  return [
    ...needs(model, service).map(other => ({
      peers: pods(other.unit),
      ports: portsOf(other).map(({ port }) => ({ port })),
    })),
    ...(service.dependsOn.database ? [toDatabase(model)] : []),
    ...egressOf(service),
    ...tracingOf(model, service),
  ].filter(({ peers, ports }) => peers.length > 0 && ports.length > 0);
}

/** Those that it depends on, and those that it is told the address of. */
function needs(model: Model, service: Service): Service[] {
  const texts = [...Object.values(service.env), ...service.args, ...(service.command ?? [])];
  const named = texts.flatMap(referencesOf);
  return servicesOf(model, 'kubernetes').filter(
    other =>
      other !== service &&
      (service.dependsOn.services.includes(other.key) ||
        named.some(name => name.startsWith(`services.${other.key}.`))),
  );
}
