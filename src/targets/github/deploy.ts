import { migrating } from '../../model/companions.ts';
import { type Model, type ProjectModel, type Service, servicesOf } from '../../model/model.ts';
import { slackSecret, smokeSecrets } from '../../model/workflow-settings.ts';
import { migratesIn, type Way, type Workflow, type Workflows, waysOf } from '../../model/workflows.ts';
import { frame } from './frame.ts';
import { imagesView, loginsOf } from './images.ts';

/** Of the deploys to one platform. */
export const deployView = (model: ProjectModel, workflows: Workflows, name: Workflow): object => {
  const way = wayOf(workflows, name);
  return {
    ...pushedView(model, workflows),
    ...placeView(way),
    environments: way.models.map((each, i) => stageOf(model, workflows, way, each, way.models[i - 1])),
  };
};

export const wayBackView = (model: ProjectModel, workflows: Workflows, name: Workflow): object => {
  const way = wayOf(workflows, name);
  return {
    ...frame(model, workflows),
    ...placeView(way),
    environments: way.models.map(each => ({
      ...stageOf(model, workflows, way, each, undefined),
      // It knows every image by its digest already, so it asks no registry.
      ...loginsOf({ token: false, file: asksGoogle(way, each) }, undefined),
      back: true,
    })),
  };
};

function wayOf(workflows: Workflows, name: Workflow): Way {
  const way = waysOf(workflows).find(({ deploy, rollback }) => deploy === name || rollback === name);
  if (!way) throw new Error(`no platform of ${name}`);
  return way;
}

const placeView = ({ deploy, title, models }: Way) => ({
  id: deploy.replace('deploy-', ''),
  title,
  migrates: migratesIn(models),
});

function stageOf(
  model: ProjectModel,
  workflows: Workflows,
  way: Way,
  each: Model,
  before: Model | undefined,
): object {
  return {
    ...frame(model, workflows),
    ...environmentView(each, before),
    ...placeView(way),
    slack: slackSecret(model.base),
    migrates: migratesIn([each]),
    migrations: each.database?.migrations?.files,
    ...(isCloudRun(way) ? regionView(each) : clusterView(each, workflows)),
  };
}

const isCloudRun = ({ deploy }: Way): boolean => deploy === 'deploy-cloudrun';

const asksGoogle = (way: Way, { targets }: Model): boolean =>
  isCloudRun(way) || targets.kubernetes?.gke !== undefined;

function clusterView(each: Model, { registry }: Workflows) {
  const gke = each.targets.kubernetes?.gke;
  return {
    platform: 'kubernetes',
    cloudrun: undefined,
    gke,
    packages: registry.kind === 'github',
    ...loginsOf({ token: registry.kind === 'google', file: gke !== undefined }, registry),
    // The rollout, the way back, and what stands around them; a migration has an hour.
    minutes: Math.ceil((2 * patienceOf(each)) / 60) + 15 + (migrating(each) ? 60 : 0),
  };
}

/** Every image is given by its digest, and Cloud Run pulls it by itself: no registry is asked. */
const regionView = ({ targets }: Model) => ({
  platform: 'cloudrun',
  cloudrun: targets.cloudrun,
  gke: undefined,
  packages: false,
  ...loginsOf({ token: false, file: true }, undefined),
  minutes: 45,
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
