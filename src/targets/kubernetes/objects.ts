import type { Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { account } from './account.ts';
import { autoscaler } from './autoscaler.ts';
import { backup, backupScripts } from './backup.ts';
import { environmentConfig, fileConfig } from './config.ts';
import { database, databaseInit } from './database.ts';
import { disruptionBudget } from './disruption.ts';
import { envoy } from './envoy.ts';
import { excused } from './exceptions.ts';
import { certificate, routes } from './gateway.ts';
import { ingress } from './ingress.ts';
import { job } from './job.ts';
import { migration } from './migration.ts';
import { modelPull } from './model-pull.ts';
import { monitor } from './monitor.ts';
import { networkPolicy } from './network-policy.ts';
import type { ConfigMap, Manifest } from './object.ts';
import { present } from './object.ts';
import { service } from './service.ts';
import { traefik } from './traefik.ts';
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
  monitor,
  routes,
  envoy,
  ingress,
  traefik,
  certificate,
  database,
  migration,
  backup,
  networkPolicy,
];

const CONFIG_MAPS: readonly ((model: Model, engine: Engine) => readonly ConfigMap[])[] = [
  environmentConfig,
  fileConfig,
  databaseInit,
  backupScripts,
];

/** A model never changes, and the base, its overlays and the Secrets all ask for its objects. */
const KNOWN = new WeakMap<Model, readonly Manifest[]>();

export function objects(model: Model): readonly Manifest[] {
  const known = KNOWN.get(model) ?? BUILDERS.flatMap(build => build(model)).map(completed);
  KNOWN.set(model, known);
  return known;
}

const completed = (manifest: Manifest): Manifest => ({
  ...manifest,
  object: excused(present(manifest.object)),
});

export const configMaps = (model: Model, engine: Engine): readonly ConfigMap[] =>
  CONFIG_MAPS.flatMap(build => build(model, engine)).map(present);
