import type { BuiltService, Model } from '../../model/model.ts';
import { programNamed } from './command.ts';

/** Migrations that are a command of their own, run before the switch as the owner of the database. */
export function migrationOf(model: Model, services: readonly BuiltService[]) {
  const migrations = model.database?.migrations;
  const own = services.find(({ dependsOn }) => dependsOn.database);
  if (migrations?.run !== 'command' || !migrations.command || !own) return undefined;
  const [first = '', ...words] = migrations.command;
  return {
    ...programNamed(first, model, own),
    words,
    file: `${model.name}-migrate.env`,
    secret: migrations.secret,
  };
}
