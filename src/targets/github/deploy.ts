import { cloudRunOf } from '../../model/cloudrun.ts';
import { migrating, migrationName, ownDatabase } from '../../model/companions.ts';
import { type Model, type ProjectModel, type Service, servicesOf } from '../../model/model.ts';
import { slackSecret, smokeSecrets } from '../../model/workflow-settings.ts';
import type { Workflows } from '../../model/workflows.ts';
import { frame } from './frame.ts';
import { imagesView } from './images.ts';

export const clusterView = (model: ProjectModel, workflows: Workflows): object => ({
  ...pushedView(model, workflows),
  // A list of pairs, as a script reads it.
  repositories: JSON.stringify(
    Object.fromEntries(workflows.services.map(({ key, source }) => [key, source.repository])),
  ),
  environments: workflows.clusters.map((each, i) => {
    const patience = patienceOf(each);
    return {
      ...environmentView(each, workflows.clusters[i - 1]),
      platform: 'Kubernetes',
      gke: each.targets.kubernetes?.gke,
      patience,
      migration: migrating(each) && {
        name: migrationName(each),
        namespace: each.namespace,
        database: ownDatabase(each) ? `statefulset/${each.name}-db` : '',
      },
      // The rollout, the way back, and what stands around them; a migration has an hour.
      minutes: Math.ceil((2 * patience) / 60) + 15 + (migrating(each) ? 60 : 0),
      slack: slackSecret(model.base),
    };
  }),
});

export const cloudRunView = (model: ProjectModel, workflows: Workflows): object => ({
  ...pushedView(model, workflows),
  environments: workflows.regions.map((each, i) => {
    const view = environmentView(each, workflows.regions[i - 1]);
    return {
      ...view,
      platform: 'Cloud Run',
      project: each.targets.cloudrun?.project,
      units: JSON.stringify(
        Object.fromEntries(cloudRunOf(each)?.services.map(({ service: { key, unit } }) => [key, unit]) ?? []),
      ),
      minutes: 45,
      slack: slackSecret(model.base),
    };
  }),
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
