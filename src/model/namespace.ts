import type { Config } from '../config/schema/config.ts';

/** Where the file says nothing of environments, it is what runs in production. */
export const PRODUCTION = 'production';

/** Each environment has a namespace of its own, which it may name; production has the file's. */
export function namespaceOf(config: Config, environment = PRODUCTION): string {
  const named = config.targets.kubernetes?.namespace;
  const own = config.environments[environment]?.['targets'] as
    | { kubernetes?: { namespace?: unknown } }
    | null
    | undefined;
  const base = named ?? config.name;
  return environment === PRODUCTION || own?.kubernetes?.namespace !== undefined
    ? base
    : `${base}-${environment}`;
}
