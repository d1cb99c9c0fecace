import type { TargetsConfig } from '../config/schema/config.ts';
import { type BuiltService, isBuilt, type Model, type ProjectModel, servicesOf } from './model.ts';
import { PRODUCTION } from './namespace.ts';

/** One that may be asked for, or the way back that comes with a deploy. */
export type Workflow = NonNullable<TargetsConfig['github']>['workflows'][number] | 'rollback-k8s';

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
  const deploys: Partial<Record<Workflow, readonly Model[]>> = {
    'deploy-k8s': clusters,
    'deploy-cloudrun': regions,
  };
  const named = (github?.workflows ?? []).filter(name => deploys[name]?.length !== 0);
  // The others call CI, so it is written with each of them.
  const all = new Set<Workflow>(['ci', ...named]);
  if (all.has('deploy-k8s')) all.add('rollback-k8s');
  return {
    names: services.length === 0 || named.length === 0 ? [] : [...all],
    branch: github?.branch ?? 'main',
    services,
    registry: registryOf(base.image.registry),
    clusters,
    regions,
  };
}

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
