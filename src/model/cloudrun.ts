import type { TargetsConfig } from '../config/schema/config.ts';
import { type Capacity, goOf } from './capacity.ts';
import { type BuiltService, isBuilt, type Model, servicesOf } from './model.ts';

const MIB = 2 ** 20;
const SECOND = 1_000;
/** Below these an instance has room in the first generation only: https://cloud.google.com/run/docs/about-execution-environments */
const GEN2_MEMORY = 512 * MIB;
const WHOLE_CPU = 1_000;
/** What Cloud Run gives an instance at once when nobody says, and the least memory that leaves each of them. */
const CONCURRENCY = 80;
const MEMORY_EACH = 32 * MIB;
/** A startup probe may fail for so long: https://cloud.google.com/run/docs/configuring/healthchecks */
const LONGEST_STARTUP = 240 * SECOND;
/** How long an instance has after SIGTERM: https://cloud.google.com/run/docs/container-contract */
export const CLOUD_RUN_DRAIN = 10 * SECOND;
/** A front end of Google's keeps paths that end in z to itself: https://cloud.google.com/run/docs/known-issues */
const RESERVED = /z$/;

/** What runs on Cloud Run and under which names; its scripts, the runbook and workflows agree by it. */
export interface CloudRun {
  readonly settings: NonNullable<TargetsConfig['cloudrun']>;
  /** The account that the services run as; `id` where it is one of this project, which setup.sh makes. */
  readonly account: { readonly email: string; readonly id: string | undefined };
  readonly registry: Registry;
  readonly services: readonly CloudRunService[];
}

export interface CloudRunService {
  readonly service: BuiltService;
  /** Below deploy/cloudrun. */
  readonly file: string;
  /** Cloud Run serves one port of a service, and passes HTTP/1 or unencrypted HTTP/2 to it. */
  readonly port: { readonly name: 'http1' | 'h2c'; readonly number: number };
  readonly memory: number;
  readonly cpu: number;
  readonly concurrency: number;
  readonly generation: 'gen1' | 'gen2';
  readonly go: Pick<Capacity, 'goMemoryLimit' | 'goMaxProcs'>;
  /** What the startup probe allows, and whether that is less than the configuration asks for. */
  readonly startup: { readonly failures: number; readonly cut: boolean };
  /** Health as it can be asked from outside. */
  readonly probes: readonly string[];
  /** Names in Secret Manager. */
  readonly secrets: readonly { readonly name: string; readonly id: string; readonly optional: boolean }[];
  readonly files: readonly { readonly path: string; readonly source: string; readonly id: string }[];
  /** Where scripts/build.sh pushes the image, and where Cloud Run pulls it from. */
  readonly image: { readonly built: string; readonly pulled: string };
}

/** Cloud Run pulls from Artifact Registry and Docker Hub; a repository stands in for every other registry. */
export type Registry =
  | { readonly kind: 'artifacts'; readonly location: string; readonly project: string; readonly name: string }
  | {
      readonly kind: 'remote';
      readonly location: string;
      readonly project: string;
      readonly name: string;
      readonly upstream: string;
    }
  | { readonly kind: 'direct' };

export function cloudRunOf(model: Model): CloudRun | undefined {
  const settings = model.targets.cloudrun;
  if (!settings) return undefined;
  const registry = registryOf(model, settings);
  const carried = servicesOf(model, 'cloudrun')
    .filter(isBuilt)
    .filter(({ kind }) => kind === 'http');
  const several = carried.length > 1;
  return {
    settings,
    account: accountOf(model, settings),
    registry,
    services: carried.map(service => ({
      service,
      file: several ? `${service.key}.yaml` : 'service.yaml',
      ...sizesOf(service, settings),
      ...addressesOf(service, settings),
      startup: startupOf(service),
      secrets: secretsOf(service),
      files: service.files.map((file, i) => ({ ...file, id: `${service.unit}-file-${i + 1}` })),
      image: imageOf(service, registry),
    })),
  };
}

function accountOf(model: Model, { serviceAccount, project }: CloudRun['settings']): CloudRun['account'] {
  // At most 30 characters, and no fewer than 6.
  const name = serviceAccount ?? `${model.name.slice(0, 21)}-cloudrun`;
  const domain = `${project}.iam.gserviceaccount.com`;
  if (!name.includes('@')) return { email: `${name}@${domain}`, id: name };
  const [id, at] = name.split('@');
  return { email: name, id: at === domain ? id : undefined };
}

/** The repository that setup.sh makes where the configuration names no registry. */
export const artifactRegistry = (name: string, { project, region }: CloudRun['settings']): string =>
  `${region}-docker.pkg.dev/${project}/${name}`;

function registryOf({ image }: Model, { project, region }: CloudRun['settings']): Registry {
  const [host = '', owner, name] = (image.registry ?? '').split('/');
  const location = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host)?.[1];
  if (location && owner && name) return { kind: 'artifacts', location, project: owner, name };
  if (location || /(?:^|\.)gcr\.io$|^docker\.io$/.test(host) || !/[.:]/.test(host)) return { kind: 'direct' };
  return {
    kind: 'remote',
    location: region,
    project,
    name: host.replaceAll(/[^a-z0-9]+/g, '-'),
    upstream: `https://${host}`,
  };
}

function imageOf({ source }: BuiltService, registry: Registry): CloudRunService['image'] {
  const built = source.repository;
  if (registry.kind !== 'remote') return { built, pulled: built };
  const { location, project, name } = registry;
  return { built, pulled: `${location}-docker.pkg.dev/${project}/${name}/${built.replace(/^[^/]*\//, '')}` };
}

function sizesOf({ capacity, limits }: BuiltService, settings: CloudRun['settings']) {
  const memory = settings.memory ?? capacity.memory.limit;
  const fractional = settings.cpu < WHOLE_CPU;
  const fitting = Math.max(1, Math.floor(memory / MEMORY_EACH));
  return {
    cpu: settings.cpu,
    memory,
    concurrency:
      settings.concurrency ?? (fractional ? 1 : Math.min(limits.concurrency ?? CONCURRENCY, fitting)),
    generation: fractional || memory < GEN2_MEMORY ? ('gen1' as const) : ('gen2' as const),
    go: goOf(settings.cpu, memory),
  };
}

function addressesOf({ port, grpc, health }: BuiltService, settings: CloudRun['settings']) {
  const viaGrpc = settings.port === 'grpc' && grpc !== undefined;
  const paths = health ? [health.live.path, health.ready.path] : [];
  return {
    port: viaGrpc
      ? { name: 'h2c' as const, number: grpc.port }
      : { name: 'http1' as const, number: port ?? 0 },
    probes: viaGrpc ? [] : [...new Set(paths)].filter(path => !RESERVED.test(path)),
  };
}

function startupOf({ health, timing }: BuiltService): CloudRunService['startup'] {
  const { period = SECOND, failures = 0 } = health?.startup ?? {};
  const most = Math.floor(LONGEST_STARTUP / period);
  return { failures: Math.min(failures, most), cut: timing.startup > most * period };
}

/** `XAI_API_KEY` is `xai-api-key` there, unless two names would become one. */
function secretsOf({ secrets }: BuiltService): CloudRunService['secrets'] {
  const idOf = (name: string) => name.toLowerCase().replaceAll('_', '-');
  return secrets.map(({ name, optional }) => ({
    name,
    optional,
    id: secrets.filter(other => idOf(other.name) === idOf(name)).length > 1 ? name : idOf(name),
  }));
}
