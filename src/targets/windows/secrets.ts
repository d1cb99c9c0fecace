import type { BuiltService, Database, Model } from '../../model/model.ts';
import { environmentOf } from './environment.ts';

/** What the operator's file of a service has to say. */
export function variablesOf(model: Model, service: BuiltService) {
  const { required, optional } = environmentOf(model, service);
  const kinds = new Map(service.secrets.map(({ name, from }) => [name, from]));
  const fromDatabase = (name: string) => kinds.get(name) !== 'operator';
  return [...required, ...optional].map(name => ({
    name,
    optional: optional.includes(name),
    notes: [
      ...(model.database && fromDatabase(name) ? urlNotes(model.database) : []),
      ...(optional.includes(name) ? ['It starts without this one.'] : []),
    ],
    empty: '',
  }));
}

function urlNotes({ user, host, port, name, tls }: Database): string[] {
  const at = `${host ?? '127.0.0.1'}:${port}`;
  return [
    `postgres://${encodeURIComponent(user)}:<password>@${at}/${encodeURIComponent(name)}?sslmode=${tls}`,
    'Characters of the password other than letters and digits are written %XX.',
  ];
}
