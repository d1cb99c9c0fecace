import type { Model } from '../../model/model.ts';
import { passwordCommand } from './tasks.ts';

/** Every secret, who reads it, and what else knows it. */
export const secretsOf = (model: Model): object[] => {
  const readers = new Map<string, { by: string[]; optional: boolean }>();
  const note = (name: string, by: string, optional: boolean) => {
    const known = readers.get(name) ?? { by: [], optional: true };
    readers.set(name, { by: [...new Set([...known.by, by])], optional: known.optional && optional });
  };
  for (const service of model.services)
    for (const secret of service.secrets) note(secret.name, service.unit, secret.optional);
  const { database, observability, services } = model;
  if (database?.migrations?.run === 'command') note(database.migrations.secret, 'migrations', false);
  if (observability.notify.slack) note(observability.notify.slack, 'Alertmanager', true);
  const ofUser = services.flatMap(each => each.secrets.filter(({ from }) => from === 'database'));
  const roleOf = (name: string): string | undefined => {
    if (name === database?.migrations?.secret) return database.owner;
    return ofUser.some(secret => secret.name === name) ? database?.user : undefined;
  };
  const besideCompose = database?.host === undefined && model.targets.compose && !model.targets.systemd;
  const variableOf = (owner: boolean) => (owner ? 'DATABASE_OWNER_PASSWORD' : 'DATABASE_PASSWORD');
  return [...readers].map(([name, { by, optional }]) => ({
    name,
    by,
    needed: optional ? 'optional' : 'needed',
    password: roleOf(name) && passwordCommand(model, roleOf(name) ?? ''),
    variable: roleOf(name) && besideCompose ? variableOf(roleOf(name) === database?.owner) : undefined,
    slack: name === observability.notify.slack,
  }));
};
