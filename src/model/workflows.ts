import type { TargetsConfig } from '../config/schema/config.ts';
import { type BuiltService, isBuilt, type Model, type ProjectModel, servicesOf } from './model.ts';
import { PRODUCTION } from './namespace.ts';

/** One that may be asked for, or the way back that comes with a deploy. */
export type Workflow =
  | NonNullable<TargetsConfig['github']>['workflows'][number]
  | 'rollback-k8s'
  | 'rollback-cloudrun';

/** A deploy by GitHub to one platform, and the way back from there. */
export interface Way {
  readonly deploy: Workflow;
  readonly rollback: Workflow;
  readonly title: string;
  readonly models: readonly Model[];
}

/** Workflows of GitHub are those of the whole file: one repository has one of each. */
export interface Workflows {
  readonly names: readonly Workflow[];
  readonly branch: string;
  /** What is built, tested and released. */
  readonly services: readonly BuiltService[];
  readonly registry: Registry;
  /** Environments of GitHub in the order of their deploys, production last. */
  readonly clusters: readonly Model[];
  readonly regions: readonly Model[];
}

/** How one logs in differs: GitHub's own token, Google's federation, or a password. */
export interface Registry {
  readonly host: string;
  readonly kind: 'github' | 'google' | 'docker' | 'other';
}

export function workflowsOf({ base, environments }: ProjectModel): Workflows {
  const { github } = base.targets;
  const services = github ? servicesOf(base, 'github').filter(isBuilt) : [];
  const ordered = [
    ...environments.filter(each => each.environment !== PRODUCTION),
    ...environments.filter(each => each.environment === PRODUCTION),
  ];
  const clusters = ordered.filter(each => each.targets.kubernetes);
  const regions = ownRegions(ordered.filter(each => each.targets.cloudrun));
  const ways = waysTo(clusters, regions);
  const named = (github?.workflows ?? []).filter(
    name => ways.find(({ deploy }) => deploy === name)?.models.length !== 0,
  );
  const back = ways.filter(({ deploy }) => named.some(name => name === deploy));
  // The others call CI, so it is written with each of them.
  const all = new Set<Workflow>(['ci', ...named, ...back.map(({ rollback }) => rollback)]);
  return {
    names: services.length === 0 || named.length === 0 ? [] : [...all],
    branch: github?.branch ?? 'main',
    services,
    registry: registryOf(base.image.registry),
    clusters,
    regions,
  };
}

const waysTo = (clusters: readonly Model[], regions: readonly Model[]): readonly Way[] => [
  { deploy: 'deploy-k8s', rollback: 'rollback-k8s', title: 'Kubernetes', models: clusters },
  { deploy: 'deploy-cloudrun', rollback: 'rollback-cloudrun', title: 'Cloud Run', models: regions },
];

/** Those that are rendered. */
export const waysOf = ({ names, clusters, regions }: Workflows): readonly Way[] =>
  waysTo(clusters, regions).filter(({ deploy }) => names.includes(deploy));

/** Whether a deploy of one of them may change its database. */
export const migratesIn = (models: readonly Model[]): boolean =>
  models.some(({ database }) => database?.migrations !== undefined);

/** A service has one name on Cloud Run: what would deploy over production's is not deployed by itself. */
function ownRegions(models: readonly Model[]): Model[] {
  const placeOf = ({ targets: { cloudrun } }: Model) => `${cloudrun?.project} ${cloudrun?.region}`;
  return models.filter((model, i) => !models.slice(i + 1).some(other => placeOf(other) === placeOf(model)));
}

const GOOGLE = /^(?:[a-z0-9-]+\.)?gcr\.io$|-docker\.pkg\.dev$/;

/** Without a registry of its own a repository has GitHub's. */
function registryOf(registry = 'ghcr.io'): Registry {
  const [host = ''] = registry.split('/');
  const kind =
    host === 'ghcr.io' ? 'github' : GOOGLE.test(host) ? 'google' : host === 'docker.io' ? 'docker' : 'other';
  return { host, kind };
}
