import type { Model } from '../../model/model.ts';
import { account } from './account.ts';
import { autoscaler } from './autoscaler.ts';
import { environmentConfig, fileConfig } from './config.ts';
import { disruptionBudget } from './disruption.ts';
import { job } from './job.ts';
import { modelPull } from './model-pull.ts';
import type { ConfigMap, Manifest } from './object.ts';
import { present } from './object.ts';
import { service } from './service.ts';
import { workload } from './workload.ts';

/** What each makes for a model; in the order in which a file's objects are written. */
const BUILDERS: readonly ((model: Model) => readonly Manifest[])[] = [
  account,
  workload,
  job,
  modelPull,
  service,
  autoscaler,
  disruptionBudget,
];

const CONFIG_MAPS: readonly ((model: Model) => readonly ConfigMap[])[] = [environmentConfig, fileConfig];

export const objects = (model: Model): readonly Manifest[] =>
  BUILDERS.flatMap(build => build(model)).map(manifest => ({
    ...manifest,
    object: present(manifest.object),
  }));

export const configMaps = (model: Model): readonly ConfigMap[] => CONFIG_MAPS.flatMap(build => build(model));
