import { ownDatabase } from '../../model/companions.ts';
import { isBuilt, type Model, type Service, servicesOf } from '../../model/model.ts';
import { databaseName } from './names.ts';
import { address, anywhere, type Connection, isAddress, type Peer, peersOf, pods } from './network-peers.ts';

export function toDatabase(model: Model): Connection {
  const { database } = model;
  if (!database) return { peers: [], ports: [] };
  const ports = [{ port: database.port }];
  if (ownDatabase(model)) return { peers: pods(databaseName(model)), ports };
  if (database.cidr !== undefined) return { peers: [{ ipBlock: { cidr: database.cidr } }], ports };
  const host = database.host ?? '';
  if (isAddress(host)) return { peers: [address(host)], ports };
  return { peers: anywhere(), ports, note: `${host}: database.cidr says where that is, and narrows this.` };
}

/** By port, since to a policy one name in the world is like another. */
export function egressOf({ egress }: Service): Connection[] {
  const places = new Map<string, { peers: Peer[]; ports: Set<number>; hosts: string[] }>();
  for (const { host, port } of egress) {
    const peers = peersOf(host);
    const key = JSON.stringify(peers);
    const place = places.get(key) ?? { peers, ports: new Set(), hosts: [] };
    place.ports.add(port);
    place.hosts.push(host);
    places.set(key, place);
  }
  return [...places.values()].map(({ peers, ports, hosts }) => ({
    peers,
    ports: [...ports].map(port => ({ port })),
    note: [...new Set(hosts)].join(', '),
  }));
}

export function tracingOf(model: Model, service: Service): Connection[] {
  const collector = collectorOf(model);
  if (!collector || !isBuilt(service) || collector.own === service) return [];
  const { host, port, own } = collector;
  return [{ peers: own ? pods(own.unit) : peersOf(host), ports: [{ port }], note: `Traces, to ${host}.` }];
}

/** The other side of the same: a service that the traces are sent to. */
export function tracedBy(model: Model, service: Service): Connection[] {
  const collector = collectorOf(model);
  if (collector?.own !== service) return [];
  const senders = servicesOf(model, 'kubernetes').filter(other => isBuilt(other) && other !== service);
  return [
    { peers: pods(...senders.map(({ unit }) => unit)), ports: [{ port: collector.port }], note: 'Traces.' },
  ];
}

function collectorOf(model: Model): { host: string; port: number; own: Service | undefined } | undefined {
  const { otel } = model.observability;
  if (!otel) return undefined;
  const url = new URL(otel.endpoint);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host, port, own: servicesOf(model, 'kubernetes').find(({ key }) => key === host) };
}
