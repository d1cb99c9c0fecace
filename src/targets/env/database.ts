import type { Database, Model } from '../../model/model.ts';
import type { Group, Variable } from './variable.ts';

const EMPTY: Group = { title: 'Database', notes: [], variables: [] };

export function databaseGroup(model: Model): Group {
  const { database } = model;
  if (!database) return EMPTY;
  return database.host === undefined ? beside(database) : elsewhere(model, database, database.host);
}

/** compose makes the roles with these, and the URLs from them. */
function beside({ user, owner }: Database): Group {
  const password = (name: string, note: string): Variable => ({ name, notes: [note], optional: false });
  return {
    ...EMPTY,
    notes: ['It takes them when its volume is first made. Each is made by: openssl rand -hex 24'],
    variables: [
      password('DATABASE_PASSWORD', `Of ${user}, as whom the service logs in.`),
      password('DATABASE_OWNER_PASSWORD', `Of ${owner}, who owns the schema and runs migrations.`),
      password('DATABASE_ADMIN_PASSWORD', 'Of postgres, the superuser: used to make the other two roles.'),
    ],
  };
}

function elsewhere(model: Model, database: Database, host: string): Group {
  const names = new Set(
    model.services.flatMap(({ secrets }) =>
      secrets.filter(({ from }) => from === 'database').map(({ name }) => name),
    ),
  );
  const url = (name: string, role: string): Variable => ({
    name,
    notes: [
      `postgres://${role}:<password>@${host}:${database.port}/${database.name}?sslmode=${database.tls}`,
      'In the password all but letters, digits and - . _ ~ is percent-encoded.',
    ],
    optional: false,
  });
  const migrates = database.migrations?.run === 'command' ? [database.migrations.secret] : [];
  return {
    ...EMPTY,
    variables: [
      ...[...names].map(name => url(name, database.user)),
      ...migrates.map(name => url(name, database.owner)),
    ],
  };
}
