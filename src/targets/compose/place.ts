import type { Text } from '../../config/schema/text.ts';
import type { Database, Model, Service } from '../../model/model.ts';
import { type Place, resolve } from '../../model/references.ts';
import { type Interpolated, interpolated, interpolation, mixed } from '../../render/engine.ts';

/** A value of a compose file: what a user wrote is literal, what .env supplies is left to compose. */
export type Value = string | Interpolated;

/** This machine, seen from inside a container; needs `extra_hosts` on Linux. */
export const HOST_GATEWAY = 'host.docker.internal';
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export const runsBeside = (database: Database): boolean => database.host === undefined;
export const isOnThisHost = (database: Database | undefined): boolean =>
  database?.host !== undefined && LOOPBACK.includes(database.host);

/** A value that .env must supply; compose refuses to start without it and says so. */
export const required = (name: string): Interpolated => interpolation(`\${${name}:?set it in .env}`);

export const tagOf = (model: Model): Value =>
  model.image.tag ?? interpolation('${AIDEPLOY_TAG:?the version to run, such as 1.4.2}');

export function databaseHost(model: Model): string {
  if (isOnThisHost(model.database)) return HOST_GATEWAY;
  return model.database?.host ?? 'db';
}

/** The URL of the database beside the service, as one of its roles; passwords are made of URL-safe characters. */
export function databaseUrl(model: Model, role: 'user' | 'owner'): Interpolated {
  const { database } = model;
  const secret = role === 'owner' ? (database?.migrations?.secret ?? 'DATABASE_OWNER_URL') : 'DATABASE_URL';
  if (!database || !runsBeside(database)) return required(secret);
  const password = required(role === 'owner' ? 'DATABASE_OWNER_PASSWORD' : 'DATABASE_PASSWORD');
  const name = encodeURIComponent(database[role]);
  const path = `${encodeURIComponent(database.name)}?sslmode=${database.tls}`;
  return interpolated`postgres://${name}:${password}@${databaseHost(model)}:${database.port}/${path}`;
}

function placeOf(model: Model): Place<Value> {
  return {
    literal: text => text,
    tag: () => tagOf(model),
    serviceHost: service => service.key,
    servicePort: service => service.port ?? 0,
    databaseHost: () => databaseHost(model),
    databaseUrl: () => databaseUrl(model, 'user'),
  };
}

export const textValue = (text: Text, model: Model, service: Service): Interpolated =>
  mixed(resolve(text, model, service, placeOf(model)));
