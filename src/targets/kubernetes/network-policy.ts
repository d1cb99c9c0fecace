import {
  backsUp,
  backupName,
  databaseClients,
  migrating,
  migrationName,
  ownDatabase,
} from '../../model/companions.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { fromOthers, pullers, toOthers } from './connections.ts';
import { toDatabase } from './egress.ts';
import { databaseName, labels, labelsOf, partOf, selector } from './names.ts';
import { type Connection, DNS, PUBLIC, pods } from './network-peers.ts';
import type { Manifest } from './object.ts';
import { portsOf } from './ports.ts';

/** Nothing is let in or out but what follows from the model; probes come from the node, which no policy holds back. */
export const networkPolicy = (model: Model): Manifest[] => {
  if (model.targets.kubernetes?.networkPolicy === false) return [];
  return [
    defaultPolicy(model),
    ...servicesOf(model, 'kubernetes').map(service => servicePolicy(model, service)),
    ...servicesOf(model, 'kubernetes').flatMap(service => pullPolicies(model, service)),
    ...companionPolicies(model),
  ];
};

/** Of ours alone: solvers of cert-manager, a Gateway's proxies or a collector may share the namespace. */
function defaultPolicy(model: Model): Manifest {
  const name = `${model.name}-default`;
  const ours = { matchLabels: partOf(model) };
  return policy(name, labels(model, name, 'network'), ours, [], []);
}

const servicePolicy = (model: Model, service: Service): Manifest =>
  policy(
    service.unit,
    labelsOf(model, service),
    { matchLabels: selector(service.unit) },
    fromOthers(model, service),
    [NAMES, ...toOthers(model, service)],
  );

const pullPolicies = (model: Model, service: Service): Manifest[] =>
  pullers(service).map(name =>
    policy(
      name,
      labels(model, name, service.key),
      { matchLabels: selector(name) },
      [],
      [NAMES, { peers: pods(service.unit), ports: portsOf(service).map(({ port }) => ({ port })) }],
    ),
  );

const NAMES: Connection = {
  peers: DNS,
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** Copies of backups go where a command says that no policy understands. */
const OFFSITE: Connection = {
  peers: PUBLIC,
  ports: [{ port: 22 }, { port: 443 }],
  note: 'database.backup.copyTo',
};

function companionPolicies(model: Model): Manifest[] {
  const { database } = model;
  if (!database) return [];
  const own = (name: string, component: string, from: Connection[], to: Connection[]) =>
    policy(name, labels(model, name, component), { matchLabels: selector(name) }, from, to);
  const clients: Connection = { peers: pods(...databaseClients(model)), ports: [{ port: database.port }] };
  const onward = [NAMES, toDatabase(model)];
  return [
    ...(ownDatabase(model) ? [own(databaseName(model), 'database', [clients], [])] : []),
    ...(migrating(model) ? [own(migrationName(model), 'migrations', [], onward)] : []),
    ...(backsUp(model)
      ? [own(backupName(model), 'backup', [], [...onward, ...(database.backup.copyTo ? [OFFSITE] : [])])]
      : []),
  ];
}

function policy(
  name: string,
  own: Readonly<Record<string, string>>,
  podSelector: object,
  from: readonly Connection[],
  to: readonly Connection[],
): Manifest {
  return {
    file: 'network',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, labels: own },
      spec: {
        podSelector,
        policyTypes: ['Ingress', 'Egress'],
        ingress: from.map(({ peers, ports }) => ({ from: peers, ports })),
        egress: to.map(({ peers, ports }) => ({ to: peers, ports })),
      },
    },
    notes: notesOf(from, to),
  };
}

const notesOf = (from: readonly Connection[], to: readonly Connection[]): Record<string, string> =>
  Object.fromEntries(
    [
      ...from.map(({ note }, index) => [`/spec/ingress/${index}/from`, note]),
      ...to.map(({ note }, index) => [`/spec/egress/${index}/to`, note]),
    ].filter(([, note]) => note !== undefined),
  );
