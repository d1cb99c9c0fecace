import { parse } from 'yaml';
import type { StoredFile } from '../../release.ts';

export const PRODUCTION_FILE = 'compose.prod.yaml';

interface Entry {
  readonly image?: string;
  readonly container_name?: string;
  readonly network_mode?: string;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly (string | { readonly published?: string | number })[];
  readonly volumes?: readonly (string | { readonly type?: string; readonly source?: string })[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly reservations?: { readonly devices?: unknown } };
  };
}

/** A service of the file that is deployed. */
export interface Unit {
  readonly name: string;
  /** With the tag in the place of its variable; undefined where the file says none. */
  readonly image: string | undefined;
  readonly replicas: number;
  /** Ends with 0 and stays ended, such as a migration. */
  readonly task: boolean;
  /** Started by hand alone. */
  readonly manual: boolean;
  readonly needs: readonly string[];
  /** Files of the project that are mounted, by their paths there. */
  readonly binds: readonly string[];
  /** Why two of it cannot run side by side; undefined where they can. */
  readonly alone: string | undefined;
}

export function unitsIn(files: readonly StoredFile[], tag: string): readonly Unit[] {
  const file = files.find(({ path }) => path === PRODUCTION_FILE);
  const { services = {} } = parse(file?.content ?? '{}') as { services?: Record<string, Entry> };
  return inOrder(Object.entries(services).map(([name, entry]) => unitOf(name, entry, tag)));
}

function unitOf(name: string, entry: Entry, tag: string): Unit {
  const { depends_on: needs = [], volumes = [] } = entry;
  const mounts = volumes.filter(volume => typeof volume === 'object');
  return {
    name,
    image: entry.image?.replaceAll(/\$\{AIDEPLOY_TAG(?:[:?-][^}]*)?\}/g, tag),
    replicas: entry.deploy?.replicas ?? 1,
    task: entry.restart === 'no' && entry.profiles === undefined,
    manual: entry.profiles !== undefined,
    needs: Array.isArray(needs) ? needs : Object.keys(needs),
    binds: mounts
      .filter(({ type, source }) => type === 'bind' && source?.startsWith('./'))
      .map(({ source = '' }) => source.slice(2)),
    alone: aloneBy(entry),
  };
}

/** What only one container can have at a time. */
function aloneBy({ container_name: named, network_mode: network, ports = [], volumes = [], deploy }: Entry) {
  if (named !== undefined) return `the name ${named}`;
  if (network === 'host') return "the host's network";
  const published = ports.map(port => (typeof port === 'string' ? port : `${port.published ?? ''}:`));
  const fixed = published.find(port => /^(?:.*:)?\d+(?:-\d+)?:[^:]*$/.test(port));
  if (fixed !== undefined) return `the port ${fixed}`;
  if (volumes.some(volume => typeof volume === 'string' || volume.type === 'volume')) return 'its volume';
  return deploy?.resources?.reservations?.devices === undefined ? undefined : 'its device';
}

/** What others need comes first, migrations before all that needs none of it. */
function inOrder(units: readonly Unit[]): Unit[] {
  const seen = new Set<Unit>();
  const visit = (unit: Unit): Unit[] => {
    if (seen.has(unit)) return [];
    seen.add(unit);
    const needed = unit.needs.flatMap(need => units.filter(({ name }) => name === need));
    return [...needed.flatMap(visit), unit];
  };
  const first = units.filter(({ name }) => name === MIGRATE);
  return [...first, ...units].flatMap(visit);
}

/** The task that brings the database's schema to a release. */
export const MIGRATE = 'migrate';
