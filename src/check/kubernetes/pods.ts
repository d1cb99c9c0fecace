import { placeKey } from '../../artifacts/text.ts';
import { placeOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { clustersOf, type Workload } from './cluster.ts';

const isInPod = ({ platform, form }: Member): boolean => platform === 'kubernetes' && form === 'container';

const MEMBERS = new WeakMap<Context, ReadonlyMap<string, readonly Member[]>>();

/** What is known of a container of a pod; of a base the same for each of its overlays. */
export function membersAt(context: Context, container: YamlNode): readonly Member[] {
  const known = MEMBERS.get(context) ?? membersByPlace(context);
  MEMBERS.set(context, known);
  return known.get(placeKey(placeOf(container))) ?? [];
}

/** What is known of the containers of a workload. */
export const membersIn = (context: Context, { containers, object }: Workload): readonly Member[] =>
  containers.flatMap(each => membersAt(context, each)).filter(({ name }) => name === object.name);

function membersByPlace({ members }: Context): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    if (!isInPod(member)) continue;
    const key = placeKey(member.at);
    found.set(key, [...(found.get(key) ?? []), member]);
  }
  return found;
}

interface Placed {
  readonly workload: Workload;
  readonly container: YamlNode;
}

const CONTAINERS = new WeakMap<Context, ReadonlyMap<string, Placed>>();

/** The other way: the container that a member was read from, with what holds it. */
export function containerOf(context: Context, member: Member): Placed | undefined {
  if (!isInPod(member)) return undefined;
  const known = CONTAINERS.get(context) ?? containersByPlace(context);
  CONTAINERS.set(context, known);
  return known.get(placeKey(member.at));
}

function containersByPlace(context: Context): ReadonlyMap<string, Placed> {
  const workloads = clustersOf(context).flatMap(cluster => cluster.workloads);
  return new Map(
    workloads.flatMap(workload =>
      workload.containers.map(container => [placeKey(placeOf(container)), { workload, container }] as const),
    ),
  );
}
