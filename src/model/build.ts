import type { Project } from '../config/load.ts';
import type { Config, DatabaseConfig, ServiceConfig } from '../config/schema/config.ts';
import { capacityOf } from './capacity.ts';
import { artifactRegistry } from './cloudrun.ts';
import { healthOf } from './health.ts';
import type { Database, Model, ProjectModel, Service } from './model.ts';
import { namespaceOf, PRODUCTION } from './namespace.ts';
import { sourceOf } from './source.ts';
import { timingOf } from './timing.ts';

/** What is known beside the file. */
export interface Circumstances {
  /** Replaces the tag of every environment. */
  readonly tag?: string | undefined;
  /** Texts of the project's files that `files` names, by their paths. */
  readonly sources?: ReadonlyMap<string, string>;
}

/** The model of the file, or of one of its environments, which has to be there. */
export function buildModel(
  project: Project,
  environment?: string,
  { tag, sources = new Map() }: Circumstances = {},
): ProjectModel {
  const build = (config: Config, name?: string) =>
    modelOf(tag === undefined ? config : { ...config, image: { ...config.image, tag } }, name, sources);
  const configs = Object.entries(project.environments);
  if (!configs.some(([name]) => name === PRODUCTION)) configs.push([PRODUCTION, project.base]);
  const environments = configs.map(([name, config]) => build(config, name));
  // What the file says without an environment is deployed as production.
  const { namespace } = environments.find(each => each.environment === PRODUCTION) as Model;
  const base = { ...build(project.base), namespace };
  const chosen =
    environment === undefined ? base : environments.find(each => each.environment === environment);
  if (!chosen) throw new Error(`no environment ${environment}`);
  return deepFreeze({ ...chosen, base, environments });
}

/** Config → Model: pure, and the only place where a derived number is computed. */
function modelOf(
  config: Config,
  environment: string | undefined,
  sources: ReadonlyMap<string, string>,
): Model {
  const built = Object.values(config.services).filter(service => service.language !== undefined).length;
  const services = Object.entries(config.services).map(([key, service]) =>
    buildService(
      key,
      service,
      config,
      built === 1 && service.language !== undefined ? config.name : `${config.name}-${key}`,
      sources,
    ),
  );
  return {
    name: config.name,
    environment,
    namespace: namespaceOf(config, environment),
    domain: config.domain,
    image: { ...config.image, registry: registryOf(config) },
    services,
    database: config.database && buildDatabase(config.name, config.database),
    observability: config.observability,
    targets: config.targets,
    verify: config.verify,
    patches: config.patches,
  };
}

/** Cloud Run pulls its images, so without a registry they are pushed to one that it pulls from. */
const registryOf = ({ name, image, targets }: Config): string | undefined =>
  image.registry ?? (targets.cloudrun && artifactRegistry(name, targets.cloudrun));

function buildService(
  key: string,
  service: ServiceConfig,
  config: Config,
  unit: string,
  sources: ReadonlyMap<string, string>,
): Service {
  const timing = timingOf(service);
  return {
    key,
    unit,
    source: sourceOf(service, unit, registryOf(config)),
    kind: service.kind,
    schedule: service.schedule,
    command: service.command,
    args: service.args,
    port: service.port,
    ports: service.ports,
    metrics: service.metrics
      ? { port: service.metrics.port ?? service.port, path: service.metrics.path }
      : undefined,
    grpc: service.grpc,
    health: service.health && healthOf(service.health, timing),
    stream: service.stream.kind === 'none' ? undefined : service.stream,
    timing,
    limits: service.limits,
    capacity: capacityOf(service),
    env: service.env,
    secrets: service.secrets,
    cors: service.cors,
    user: service.user,
    volumes: service.volumes,
    files: service.files.map(file => ({ ...file, content: sources.get(file.source) })),
    dependsOn: {
      services: service.dependsOn.filter(name => name in config.services),
      database: usesDatabase(service, config),
    },
    models: service.models,
    egress: [...service.egress, ...(service.models.length > 0 ? [MODEL_REGISTRY] : [])].map(splitAddress),
    publicPath: service.public === true ? '/' : service.public === false ? undefined : service.public,
    smoke: service.smoke,
  };
}

/** Where an Ollama fetches its models. */
const MODEL_REGISTRY = 'registry.ollama.ai:443';

const usesDatabase = (service: ServiceConfig, config: Config): boolean =>
  config.database !== undefined &&
  (service.dependsOn.includes('db') || service.secrets.some(secret => secret.from === 'database'));

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** Beside the service, or on the same machine: nobody listens between them. */
const LOCAL = [undefined, 'localhost', '127.0.0.1', '::1'];

function buildDatabase(name: string, database: DatabaseConfig): Database {
  return {
    version: database.version,
    host: database.host,
    port: database.port,
    name: database.name,
    user: database.user,
    owner: database.owner ?? `${database.user}_owner`,
    tls: database.tls ?? (LOCAL.includes(database.host) ? 'disable' : 'verify-full'),
    ca: database.ca,
    cidr: database.cidr,
    size: database.size,
    migrations: database.migrations,
    backup: {
      ...database.backup,
      dir: database.backup.dir ?? `/backups/${name}`,
      size: database.backup.size ?? 2 * database.size,
    },
    connectTimeout: database.connectTimeout,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
