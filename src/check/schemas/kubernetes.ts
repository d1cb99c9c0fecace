import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { at } from '../../artifacts/yaml.ts';
import { nearest } from '../../config/nearest.ts';
import type { Fault } from './fault.ts';
import { familyOf, groupFamily } from './load.ts';
import { REMOVED_APIS } from './removed.ts';
import type { Family } from './shape.ts';
import { faultsOf } from './validate.ts';

/** The minor versions of Kubernetes that there are schemas of. */
export const NEWEST = 36;
const OWN = 'kubernetes';

export interface Target {
  /** Of Kubernetes; undefined where nobody says. */
  readonly minor: number | undefined;
  /** The object is laid over another. */
  readonly partial: boolean;
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** The family that would know an object; undefined where nothing is known of its group. */
function nameOfFamily(apiVersion: string): string | undefined {
  const group = groupOf(apiVersion);
  // A group without a dot can only be one of Kubernetes itself.
  return groupFamily(group) ?? (group.includes('.') ? undefined : OWN);
}

function definitionOf({ apiVersion, kind }: KubernetesObject): Family['kinds'][string] | undefined {
  const name = nameOfFamily(apiVersion);
  const kinds = name ? familyOf(name).kinds : {};
  return Object.hasOwn(kinds, `${apiVersion} ${kind}`) ? kinds[`${apiVersion} ${kind}`] : undefined;
}

/** Whether an API is one of Kubernetes itself. */
export const isOwnGroup = (apiVersion: string): boolean => nameOfFamily(apiVersion) === OWN;

export const isKnownKind = (object: KubernetesObject): boolean => definitionOf(object) !== undefined;

/** What the API server would refuse in an object by the schema of its kind; nothing of kinds that are unknown here. */
export function schemaFaults(object: KubernetesObject, { minor, partial }: Target): readonly Fault[] {
  const { apiVersion, kind, root } = object;
  const name = nameOfFamily(apiVersion);
  // Later versions may know more.
  if (!name || kind.endsWith('List') || (minor !== undefined && minor > NEWEST)) return [];
  const family = familyOf(name);
  const known = definitionOf(object);
  if (!known) return name === OWN ? unknownKind(family, object, minor) : [];
  const [shape, first, last] = known;
  const served = servedFault(object, minor, first, last);
  if (served) return [{ at: at(root, 'apiVersion') ?? root, message: served }];
  return faultsOf(family, shape, root, {
    minor: name === OWN ? minor : undefined,
    partial,
    oldBooleans: true,
    secret: kind === 'Secret',
  });
}

function servedFault(
  { apiVersion, kind }: KubernetesObject,
  minor: number | undefined,
  first: number | undefined,
  last: number | undefined,
): string | undefined {
  if (last !== undefined && last < (minor ?? NEWEST))
    return `${apiVersion} ${kind} was removed in Kubernetes 1.${last + 1}`;
  return first !== undefined && minor !== undefined && minor < first
    ? `${apiVersion} ${kind} came with Kubernetes 1.${first}, the target is 1.${minor}`
    : undefined;
}

function unknownKind(
  { kinds }: Family,
  { apiVersion, kind, root }: KubernetesObject,
  minor: number | undefined,
): readonly Fault[] {
  const [version = root, kindNode = root] = [at(root, 'apiVersion'), at(root, 'kind')];
  const removed = REMOVED_APIS.get(`${apiVersion} ${kind}`);
  if (removed) {
    if (removed.minor > (minor ?? NEWEST)) return [];
    const instead = removed.instead ? `; it is in ${removed.instead}` : '';
    return [
      {
        at: version,
        message: `${apiVersion} ${kind} was removed in Kubernetes 1.${removed.minor}${instead}`,
      },
    ];
  }
  const all = Object.keys(kinds).map(each => each.split(' ') as [api: string, kind: string]);
  const elsewhere = all.filter(each => each[1] === kind && /\/?v\d+$/.test(each[0])).map(([api]) => api);
  if (elsewhere.length > 0)
    return [{ at: version, message: `${apiVersion} has no ${kind}; it is in ${elsewhere.at(-1)}` }];
  const near = nearest(
    kind,
    all
      .filter(each => each[0] === apiVersion && Math.abs(each[1].length - kind.length) < 3)
      .map(each => each[1]),
  );
  return near ? [{ at: kindNode, message: `${apiVersion} has no kind ${kind} (${near}?)` }] : [];
}
