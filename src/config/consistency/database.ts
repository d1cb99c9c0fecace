import type { Config } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

/** On this machine, where nobody listens between the program and its database. */
const LOCAL = [undefined, 'localhost', '127.0.0.1', '::1'];

export function databaseProblems(config: Config): Contradiction[] {
  const { database } = config;
  if (!database) return unfoundedUrls(config);
  const problems: Contradiction[] = [];
  const remote = !LOCAL.includes(database.host);
  if (database.tls === 'disable' && remote)
    problems.push({
      path: ['database', 'tls'],
      message: `${database.host} is not this machine: passwords and prompts would cross the network in clear text`,
    });
  if (database.owner === database.user)
    problems.push({
      path: ['database', 'owner'],
      message: "the service's role must not own the schema; name another role",
    });
  if (database.migrations?.run === 'command' && !database.migrations.command)
    problems.push({
      path: ['database', 'migrations'],
      message: 'run: command needs `command: [/server, migrate]`',
    });
  return problems;
}

function unfoundedUrls(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) =>
    service.secrets.flatMap((secret, i) =>
      secret.from === 'database'
        ? [{ path: ['services', name, 'secrets', i], message: 'from: database needs a `database:` section' }]
        : [],
    ),
  );
}
