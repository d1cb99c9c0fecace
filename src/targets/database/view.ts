import { type Database, isBuilt, type Model, type Service } from '../../model/model.ts';
import { rolesOf } from '../database-roles.ts';

export function databaseView(model: Model): object | undefined {
  const { database } = model;
  if (!database) return undefined;
  const instances = model.services
    .filter(service => service.dependsOn.database)
    .reduce((sum, service) => sum + processesOf(service), 0);
  return {
    ...rolesOf(model, database),
    service: model.name,
    host: database.host ?? 'localhost',
    port: database.port,
    major: Number.parseInt(database.version, 10),
    encrypted: database.tls !== 'disable',
    migrations: database.migrations?.table ?? 'schema_migrations',
    instances: Math.max(1, instances),
    // An update that starts the new ones before it stops the old ones has both.
    peak: 2 * Math.max(1, instances),
    access: accessOf(database),
  };
}

/** Each process has a pool of its own. */
function processesOf(service: Service): number {
  const { scale, workers } = service.capacity;
  const replicas = scale.kind === 'fixed' ? scale.replicas : scale.max;
  return isBuilt(service) && service.source.language === 'python' ? replicas * workers.count : replicas;
}

/** Lines for pg_hba.conf, of which the server takes the first that fits. */
function accessOf({ name, user, owner, host, cidr, tls }: Database): string[] {
  const names = `"${name}"`;
  const roles = `"${user}","${owner}"`;
  if (host === undefined)
    return [
      'Beside the service: nobody from elsewhere (listen_addresses = localhost, or a network of its own).',
      `host    ${names} all ${cidr ?? '127.0.0.1/32'} scram-sha-256`,
    ];
  return [
    `${tls === 'disable' ? 'host   ' : 'hostssl'} ${names} ${roles} ${cidr ?? '<the service’s network>'} scram-sha-256`,
    'hostssl all all <the backup’s and the administrators’ machines> scram-sha-256',
    'hostnossl all all all reject',
    `Certificates: ssl = on, ssl_min_protocol_version = TLSv1.2; the certificate names ${host}.`,
  ];
}
