import { type BuiltService, type Database, isBuilt, type Model, servicesOf } from './model.ts';

export const runsBeside = (database: Database | undefined): boolean =>
  database !== undefined && database.host === undefined;

/** What runs in a cluster beside the services for the sake of the database. */
export const migrationName = ({ name }: Model): string => `${name}-migrate`;
export const backupName = ({ name }: Model): string => `${name}-backup`;

/** The database where it runs in the cluster. */
export const ownDatabase = (model: Model): Model['database'] =>
  runsBeside(model.database) && databaseUsers(model).length > 0 ? model.database : undefined;

const databaseUsers = (model: Model) =>
  servicesOf(model, 'kubernetes').filter(({ dependsOn }) => dependsOn.database);

/** Whose image holds the migrations, where they are a command of their own. */
export const migrating = (model: Model): BuiltService | undefined =>
  model.database?.migrations?.run === 'command' && model.database.migrations.command
    ? databaseUsers(model).find(isBuilt)
    : undefined;

/** A database elsewhere is backed up by a host where there is one. */
export const backsUp = (model: Model): boolean =>
  model.targets.backup !== undefined &&
  model.database !== undefined &&
  (runsBeside(model.database) || !(model.targets.systemd || model.targets.compose)) &&
  databaseUsers(model).length > 0;

/** The names of all pods that connect to the database. */
export const databaseClients = (model: Model): string[] => [
  ...databaseUsers(model).map(({ unit }) => unit),
  ...(migrating(model) ? [migrationName(model)] : []),
  ...(backsUp(model) ? [backupName(model)] : []),
];
