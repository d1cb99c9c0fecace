import { MANAGER } from './marks.ts';

/** One value that is not as it would be after an apply. */
interface FieldDifference {
  readonly path: string;
  readonly live: string;
  readonly wanted: string;
}

/** What the server keeps for itself, and changes without anybody asking. */
const OWN = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const LONGEST = 80;

/** Where an object differs from what the server would make of it; status is nobody's to render. */
export function differences(live: unknown, wanted: unknown, path = ''): FieldDifference[] {
  if (
    path === '/status' ||
    OWN.some(name => path === `/metadata/${name}`) ||
    path.endsWith(`/${LAST_APPLIED}`)
  )
    return [];
  if (isBranch(live) && isBranch(wanted) && Array.isArray(live) === Array.isArray(wanted)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(wanted)])];
    return keys.flatMap(key => differences(live[key], wanted[key], `${path}/${key}`));
  }
  return JSON.stringify(live) === JSON.stringify(wanted)
    ? []
    : [{ path, live: shown(live), wanted: shown(wanted) }];
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** An object whose fields tell who set them. */
export interface Managed {
  readonly metadata?: {
    readonly managedFields?: readonly {
      manager?: string;
      operation?: string;
      subresource?: string;
      time?: string;
      fieldsV1?: object;
    }[];
  };
}

/** kubectl names its manager after the command; what applies files is no hand edit, nor is a restart. */
const APPLIES = /^kubectl(?:-client-side-apply|-rollout|-create)?$/;

/** Fields that somebody set by hand: `kubectl edit`, `set`, `patch`, `scale` and their like. */
export const editedByHand = ({ metadata }: Managed): { manager: string; fields: string[] }[] =>
  (metadata?.managedFields ?? [])
    .filter(
      ({ manager = '', subresource }) =>
        manager.startsWith('kubectl') && !APPLIES.test(manager) && subresource !== 'status',
    )
    .map(({ manager = '', fieldsV1 = {} }) => ({ manager, fields: leaves(fieldsV1) }));

/** Which other tool applied it on the server's side, whose fields a new apply would also take away. */
export const applierOf = ({ metadata }: Managed): string | undefined =>
  metadata?.managedFields?.find(
    ({ manager, operation, subresource }) =>
      operation === 'Apply' && subresource === undefined && !manager?.startsWith(MANAGER),
  )?.manager;

/** https://kubernetes.io/docs/reference/using-api/server-side-apply/#managedfields */
function leaves(fields: object, path = ''): string[] {
  const entries = Object.entries(fields).filter(([key]) => key !== '.');
  if (entries.length === 0) return path === '' ? [] : [path];
  return entries.flatMap(([key, below]) => leaves(below as object, `${path}/${key.replace(/^[fkv]:/, '')}`));
}
