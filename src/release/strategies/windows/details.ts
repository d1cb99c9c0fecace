import type { Release } from '../../release.ts';

/** Beside release.json, which the scripts write: what they do not know. */
export const DETAILS = 'details.json';

export const detailsOf = ({
  environment,
  checksums,
  configuration,
  content,
  migration,
  migrations,
  commit,
}: Release): Partial<Release> => ({
  environment,
  checksums,
  configuration,
  content,
  migration,
  ...(migrations !== undefined && { migrations }),
  commit,
});
