import { type BuiltService, isBuilt, type Model } from '../../model/model.ts';
import { BARE, type Entry, type Stage } from './entry.ts';
import { databaseUrl, runsBeside } from './place.ts';
import { serviceEntry } from './service.ts';

/** Runs the migrations as the owner, before the service starts. */
export function migrateEntry(model: Model, stage: Stage): Entry | undefined {
  const { database } = model;
  const service = model.services.find(
    (candidate): candidate is BuiltService => isBuilt(candidate) && candidate.dependsOn.database,
  );
  if (!database?.migrations?.command || database.migrations.run !== 'command' || !service) return undefined;
  return {
    ...serviceEntry(model, service, stage),
    ...BARE,
    key: 'migrate',
    build: serviceEntry(model, service, stage).build,
    entrypoint: database.migrations.command,
    environment: { [database.migrations.secret]: databaseUrl(model, 'owner') },
    dependsOn: runsBeside(database) ? { db: { condition: 'service_healthy' } } : undefined,
    stop: '60s',
    restart: 'no',
  };
}

/** The volumes of a third party's image are made for root: this gives them to the user it runs as, once. */
export function volumeEntries(model: Model): Entry[] {
  return model.services
    .filter(service => !isBuilt(service) && service.volumes.length > 0)
    .map(service => ({
      ...BARE,
      key: `${service.key}-volumes`,
      notes: [`Gives the volumes of ${service.key} to the user that it runs as.`],
      image: service.source.kind === 'image' ? service.source.image : '',
      user: '0:0',
      entrypoint: [
        'chown',
        '-R',
        `${service.user.uid}:${service.user.gid}`,
        ...service.volumes.map(volume => volume.path),
      ],
      volumes: service.volumes.map(volume => ({
        type: 'volume',
        source: `${service.key}-${volume.name}`,
        target: volume.path,
      })),
      capabilities: ['CHOWN', 'DAC_OVERRIDE'],
    }));
}
