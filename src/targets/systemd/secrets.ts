import type { Host, HostService } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { environmentOf } from './environment.ts';
import type { Migration } from './migrate.ts';

/** A variable that an operator sets, in a file of its own service. */
export interface Variable {
  readonly name: string;
  readonly notes: readonly string[];
  readonly optional: boolean;
}

/** What the file `<unit>.env` of a service has to say. */
export function variablesOf(model: Model, host: Host, own: HostService): Variable[] {
  const secrets = model.targets.systemd?.credentials === 'files' ? [] : own.service.secrets;
  const built = own.instances.slice(0, 1).flatMap(first => environmentOf(model, own, first).fromOperator);
  return [
    ...secrets.map(({ name, from, optional }) => ({
      name,
      notes:
        from === 'database' ? urlNotes(model, host, 'user') : optional ? ['It starts without this one.'] : [],
      optional,
    })),
    ...built.map(name => ({ name, notes: urlNotes(model, host, 'user'), optional: false })),
  ];
}

export const ownerVariable = (model: Model, host: Host, { secret }: Migration): Variable => ({
  name: secret,
  notes: urlNotes(model, host, 'owner'),
  optional: false,
});

function urlNotes({ database }: Model, host: Host, role: 'user' | 'owner'): string[] {
  if (!database) return [];
  const at = `${host.databaseIsLocal ? (database.host ?? '127.0.0.1') : database.host}:${database.port}`;
  const ca = database.ca ? `&sslrootcert=${database.ca}` : '';
  return [
    `postgres://${encodeURIComponent(database[role])}:<password>@${at}/${encodeURIComponent(database.name)}?sslmode=${database.tls}${ca}`,
    'Characters of the password other than letters and digits are written %XX.',
  ];
}
