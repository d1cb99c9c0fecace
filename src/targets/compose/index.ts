import type { Artifact } from '../../artifacts/artifact.ts';
import { type Model, servicesOf } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { rolesOf } from '../database-roles.ts';
import type { Target } from '../target.ts';
import { migrateEntry, volumeEntries } from './companions.ts';
import { databaseEntry, INIT_SCRIPT } from './database.ts';
import type { Entry, Stage } from './entry.ts';
import { asFiles } from './environment.ts';
import { runsBeside } from './place.ts';
import { serviceEntry } from './service.ts';

export const compose: Target = {
  id: 'compose',
  title: 'Compose files for development and for production on one machine',
  applies: model => model.targets.compose !== undefined,
  render: (model, engine) => [
    artifact('compose.yaml', engine.render('compose/compose.yaml', view(model, 'development'))),
    artifact('compose.prod.yaml', engine.render('compose/compose.prod.yaml', view(model, 'production'))),
    ...initScript(model, engine),
  ],
};

const artifact = (path: string, content: string): Artifact => ({ path, content, target: compose.id });

function initScript(model: Model, engine: Engine): Artifact[] {
  const { database } = model;
  if (!database || !runsBeside(database)) return [];
  const content = engine.render('compose/init-database.sh', rolesOf(model, database));
  return [{ ...artifact(INIT_SCRIPT, content), mode: 0o755 }];
}

function view(model: Model, stage: Stage): object {
  const chosen = { ...model, services: servicesOf(model, 'compose') };
  const services = entries(chosen, stage);
  const secrets = asFiles(model) ? [...new Set(services.flatMap(entry => entry.secrets ?? []))] : [];
  return {
    name: model.name,
    services,
    volumes: volumeNames(services),
    // Each file is readable by the user of its service alone.
    secrets: secrets.map(name => ({ name, file: `./secrets/${name}` })),
  };
}

function entries(model: Model, stage: Stage): Entry[] {
  const migrate = migrateEntry(model, stage);
  return [
    ...model.services.map(service => serviceEntry(model, service, stage)),
    ...volumeEntries(model),
    ...(model.database && runsBeside(model.database) ? [databaseEntry(model.database)] : []),
    ...(migrate ? [migrate] : []),
  ];
}

const volumeNames = (services: readonly Entry[]): string[] => [
  ...new Set(
    services.flatMap(({ volumes = [] }) =>
      volumes.flatMap(volume =>
        typeof volume === 'object' && 'source' in volume && 'type' in volume && volume.type === 'volume'
          ? [String(volume.source)]
          : [],
      ),
    ),
  ),
];
