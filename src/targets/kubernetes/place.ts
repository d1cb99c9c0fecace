import type { Text } from '../../config/schema/text.ts';
import { runsBeside } from '../../model/companions.ts';
import type { Model, Service } from '../../model/model.ts';
import { type Place, resolve } from '../../model/references.ts';
import { databaseName } from './names.ts';

/** A literal, or what the kubelet puts in for `$(NAME)` when it starts the container. */
export type Piece = { readonly literal: string } | { readonly variable: string };

/** The variable that holds the tag of the container's image; an overlay copies it from there. */
export const TAG_VARIABLE = 'AIDEPLOY_TAG';

/** The database as one of its roles. Where it runs beside, passwords are made of URL-safe characters. */
export function databaseUrl(model: Model, role: 'user' | 'owner'): Piece[] {
  const { database } = model;
  const secret = role === 'owner' ? (database?.migrations?.secret ?? 'DATABASE_OWNER_URL') : 'DATABASE_URL';
  if (!database || !runsBeside(database)) return [{ variable: secret }];
  const name = encodeURIComponent(database[role]);
  const path = `${encodeURIComponent(database.name)}?sslmode=${database.tls}`;
  return [
    { literal: `postgres://${name}:` },
    { variable: passwordVariable(role) },
    { literal: `@${databaseName(model)}:${database.port}/${path}` },
  ];
}

export const passwordVariable = (role: 'user' | 'owner'): string =>
  role === 'owner' ? 'DATABASE_OWNER_PASSWORD' : 'DATABASE_PASSWORD';

const placeOf = (model: Model): Place<Piece[]> => ({
  literal: text => [{ literal: text }],
  tag: () => [{ variable: TAG_VARIABLE }],
  serviceHost: service => service.unit,
  servicePort: service => service.port ?? 0,
  databaseHost: () => (runsBeside(model.database) ? databaseName(model) : (model.database?.host ?? '')),
  databaseUrl: () => databaseUrl(model, 'user'),
});

export const piecesOf = (text: Text, model: Model, service: Service): Piece[] =>
  resolve(text, model, service, placeOf(model)).flat();

/** As `env`, `command` and `args` write it: the kubelet reads `$(NAME)` as a variable and `$$` as a dollar. */
export const expandable = (pieces: readonly Piece[]): string =>
  pieces
    .map(piece => ('variable' in piece ? `$(${piece.variable})` : piece.literal.replaceAll('$', '$$$$')))
    .join('');

/** The text where nothing has to be put in, or undefined. */
export const literal = (pieces: readonly Piece[]): string | undefined =>
  pieces.every(piece => 'literal' in piece) ? pieces.map(piece => piece.literal).join('') : undefined;

export const variablesOf = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap(piece => ('variable' in piece ? [piece.variable] : []));
