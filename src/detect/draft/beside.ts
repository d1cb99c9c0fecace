import type { DetectedDatabase, DetectedService, ThirdPartyService } from '../detection.ts';
import { knownThirdParty } from '../thirdparty.ts';
import { type Draft, defined, literal } from './values.ts';

export function thirdPartyDraft({ image, port, env, volumes }: ThirdPartyService): Draft {
  const { health, user } = knownThirdParty(image.value);
  return {
    image: image.value,
    ...(port ? { port: port.value } : { kind: 'worker' }),
    ...(health && port ? { health } : {}),
    ...(user ? { user } : {}),
    ...(Object.keys(env).length > 0
      ? {
          env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, literal(value)])),
        }
      : {}),
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}

export function databaseDraft(database: DetectedDatabase, name: string, services: DetectedService[]): Draft {
  const base = name.replace(/-/g, '_');
  const { migrations } = database;
  const owner = services
    .flatMap(({ env }) => env)
    .find(
      ({ name, secret }) =>
        secret &&
        /(OWNER|ADMIN|MIGRAT\w*)_(DATABASE_)?(URL|DSN)$|DATABASE_(OWNER|ADMIN|MIGRATION)_URL$/.test(name),
    );
  const byCommand = migrations?.run === 'command' && migrations.command;
  return {
    engine: 'postgres',
    ...(database.version ? { version: database.version.value } : {}),
    name: database.name?.value ?? base,
    user: database.user?.value ?? `${base}_app`,
    ...(migrations && (byCommand || migrations.run === 'server')
      ? {
          migrations: defined({
            table: migrations.table,
            run: migrations.run,
            command: byCommand || undefined,
            secret: owner?.name,
          }),
        }
      : {}),
  };
}
