import type { Answer } from '../answer.ts';
import { APPLY, type Cluster } from './cluster.ts';
import type { Managed } from './difference.ts';
import { type KubeObject, pathOf } from './discovery.ts';
import { type Conflict, conflictsIn, isOfPlatform, messageOf, type Reply, refusal } from './refusal.ts';

export interface Apply {
  readonly manager: string;
  /** Whether it only asks what would happen. */
  readonly dryRun: boolean;
  /** Takes fields that others set. */
  readonly force: boolean;
}

/** Done, or not because somebody else set fields of it, or because of what it says. */
export type Applied =
  | { readonly status: 'applied' }
  | { readonly status: 'conflict'; readonly conflicts: readonly Conflict[] }
  | { readonly status: 'refused'; readonly why: string };

/** `kubectl apply` without --server-side, and what `kubectl apply --server-side` makes of its fields. */
const CLIENT_SIDE = 'kubectl-client-side-apply';

/** Server-side apply of one object; what applies it again is as if it had been once. */
export async function applyObject(
  cluster: Cluster,
  object: KubeObject,
  { manager, dryRun, force }: Apply,
  signal: AbortSignal,
): Promise<Answer<Applied>> {
  const path = await pathOf(cluster, object, signal);
  if (path.obstacle) return { obstacle: path.obstacle };
  if (path.value === undefined)
    return {
      value: { status: 'refused', why: `the cluster knows no ${object.kind} of ${object.apiVersion}` },
    };
  const query = `fieldManager=${manager}&force=${force}${dryRun ? '&dryRun=All' : ''}`;
  const request = { method: 'PATCH', path: `${path.value}?${query}`, type: APPLY, body: object } as const;
  const { value: reply, obstacle } = await cluster.send(request, signal);
  if (obstacle) return { obstacle };
  if (reply.status < 300) return { value: { status: 'applied' } };
  return judged(path.value, reply);
}

function judged(path: string, reply: Reply): Answer<Applied> {
  if (isOfPlatform(reply)) return { obstacle: refusal(path, reply) };
  const conflicts = conflictsIn(reply);
  return conflicts.length > 0
    ? { value: { status: 'conflict', conflicts } }
    : { value: { status: 'refused', why: messageOf(reply.body) } };
}

/**
 * What `kubectl apply` set so far becomes ours, so that what we leave out goes: otherwise both own it, and it stays.
 * kubectl does the same on the way to --server-side, by k8s.io/client-go/util/csaupgrade.
 */
export async function adopt(
  cluster: Cluster,
  object: KubeObject,
  manager: string,
  signal: AbortSignal,
): Promise<Answer<void>> {
  const path = await pathOf(cluster, object, signal);
  if (path.obstacle) return { obstacle: path.obstacle };
  if (path.value === undefined) return { value: undefined };
  const live = await cluster.get<KubeObject & Managed>(path.value, signal);
  if (live.obstacle) return { obstacle: live.obstacle };
  const fields = live.value?.metadata.managedFields ?? [];
  const isTheirs = (each: (typeof fields)[number]) =>
    each.manager === CLIENT_SIDE && each.operation === 'Update' && !each.subresource;
  const isOurs = (each: (typeof fields)[number]) => each.manager === manager && each.operation === 'Apply';
  if (!live.value || !fields.some(isTheirs)) return { value: undefined };
  const [ours, theirs] = [fields.filter(isOurs), fields.filter(isTheirs)];
  const both = [...ours, ...theirs].reduce<object>((sum, { fieldsV1 = {} }) => union(sum, fieldsV1), {});
  const managedFields = [
    ...fields.filter(each => !isOurs(each) && !isTheirs(each)),
    { ...theirs[0], ...ours[0], manager, operation: 'Apply', fieldsV1: both },
  ];
  const { resourceVersion } = live.value.metadata as { resourceVersion?: string };
  const request = {
    method: 'PATCH',
    path: path.value,
    type: 'application/merge-patch+json',
    body: { metadata: { resourceVersion, managedFields } },
  } as const;
  const { value: reply, obstacle } = await cluster.send(request, signal);
  if (obstacle) return { obstacle };
  // Somebody changed it meanwhile: the apply itself says what of it matters.
  return reply.status < 300 || reply.status === 409
    ? { value: undefined }
    : { obstacle: refusal(path.value, reply) };
}

/** Sets of fields are trees of objects without values. */
function union(a: object, b: object): object {
  const first = new Map<string, object>(Object.entries(a));
  const rest = Object.entries(b).map(([key, below]) => [key, union(first.get(key) ?? {}, below as object)]);
  return { ...a, ...Object.fromEntries(rest) };
}
