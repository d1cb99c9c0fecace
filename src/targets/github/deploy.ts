import { cloudRunOf } from '../../model/cloudrun.ts';
import { migrating } from '../../model/companions.ts';
import { type Model, type ProjectModel, type Service, servicesOf } from '../../model/model.ts';
import { slackSecret, smokeSecrets } from '../../model/workflow-settings.ts';
import { migratesIn, type Workflows } from '../../model/workflows.ts';
import { frame } from './frame.ts';
import { imagesView, loginsOf } from './images.ts';

/** Of the deploys to Kubernetes, and of the way back from them. */
export const clusterView = (model: ProjectModel, workflows: Workflows): object => ({
  ...pushedView(model, workflows),
  migrates: migratesIn(workflows.clusters),
  environments: workflows.clusters.map((each, i) =>
    stageOf(model, workflows, each, workflows.clusters[i - 1]),
  ),
});

export const wayBackView = (model: ProjectModel, workflows: Workflows): object => ({
  ...frame(model, workflows),
  migrates: migratesIn(workflows.clusters),
  environments: workflows.clusters.map(each => ({
    ...stageOf(model, workflows, each, undefined),
    // It knows every image by its digest already, so it asks no registry.
    ...loginsOf({ token: false, file: each.targets.kubernetes?.gke !== undefined }, undefined),
    back: true,
  })),
});

function stageOf(model: ProjectModel, workflows: Workflows, each: Model, before: Model | undefined): object {
  const gke = each.targets.kubernetes?.gke;
  const { registry } = workflows;
  return {
    ...frame(model, workflows),
    ...environmentView(each, before),
    platform: 'kubernetes',
    title: 'Kubernetes',
    slack: slackSecret(model.base),
    gke,
    packages: registry.kind === 'github',
    ...loginsOf({ token: registry.kind === 'google', file: gke !== undefined }, registry),
    migrates: migratesIn([each]),
    migrations: each.database?.migrations?.files,
    // The rollout, the way back, and what stands around them; a migration has an hour.
    minutes: Math.ceil((2 * patienceOf(each)) / 60) + 15 + (migrating(each) ? 60 : 0),
  };
}

export const cloudRunView = (model: ProjectModel, workflows: Workflows): object => ({
  ...pushedView(model, workflows),
  environments: workflows.regions.map((each, i) => ({
    ...frame(model, workflows),
    ...environmentView(each, workflows.regions[i - 1]),
    ...loginsOf({ token: false, file: true }, undefined),
    title: 'Cloud Run',
    slack: slackSecret(model.base),
    project: each.targets.cloudrun?.project,
    units: JSON.stringify(
      Object.fromEntries(cloudRunOf(each)?.services.map(({ service: { key, unit } }) => [key, unit]) ?? []),
    ),
    minutes: 45,
  })),
});

/** What is pushed to a registry, and told to the jobs that deploy it. */
const pushedView = (model: ProjectModel, workflows: Workflows): object => ({
  ...frame(model, workflows),
  ...imagesView(model.base, workflows, false),
  outputs: workflows.services.map(({ key }) => ({
    name: `image-${key}`,
    value: `steps.image.outputs.image-${key}`,
  })),
});

function environmentView(model: Model, before: Model | undefined) {
  return {
    name: model.environment,
    url: model.domain && `https://${model.domain}`,
    after: before && `deploy-${before.environment}`,
    secrets: smokeSecrets(model),
    back: false,
  };
}

const LEAST_PATIENCE = 600;
const MOST_PATIENCE = 3_600;

/** Pods are replaced one after the other: as many starts as there may be pods, of the service that takes longest. */
function patienceOf(model: Model): number {
  const longest = Math.max(...servicesOf(model, 'kubernetes').map(rolloutOf), 0);
  return Math.min(MOST_PATIENCE, Math.max(LEAST_PATIENCE, Math.ceil(longest / 1_000)));
}

const rolloutOf = ({ capacity: { scale }, timing }: Service): number =>
  (scale.kind === 'fixed' ? scale.replicas : scale.max) * timing.startup + timing.grace;
