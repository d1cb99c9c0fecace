import type { Model } from '../model/model.ts';
import type { Place } from '../model/references.ts';

/** What is known where a file is written, and what only a release or the operator knows. */
export type Piece = string | typeof TAG | typeof DATABASE_URL;
/** The version of the release that runs. */
export const TAG = Symbol('tag');
/** Holds a password, so that it stands in the operator's file alone. */
export const DATABASE_URL = Symbol('database URL');

const LOOPBACK = '127.0.0.1';

/** Everything of the model is on this machine, unless the configuration names another. */
export const onOneMachine = (model: Model): Place<Piece> => ({
  literal: text => text,
  tag: () => model.image.tag ?? TAG,
  serviceHost: () => LOOPBACK,
  servicePort: service => service.port ?? 0,
  databaseHost: () => model.database?.host ?? LOOPBACK,
  collectorHost: () => LOOPBACK,
  databaseUrl: () => DATABASE_URL,
});
