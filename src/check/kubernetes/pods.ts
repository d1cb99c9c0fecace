import { placeKey } from '../../artifacts/text.ts';
import { placeOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import type { Workload } from './cluster.ts';

const KNOWN = new WeakMap<Context, ReadonlyMap<string, readonly Member[]>>();

/** What is known of a container of a pod; of a base the same for each of its overlays. */
export function membersAt(context: Context, container: YamlNode): readonly Member[] {
  const known = KNOWN.get(context) ?? byPlace(context);
  KNOWN.set(context, known);
  return known.get(placeKey(placeOf(container))) ?? [];
}

/** What is known of the containers of a workload. */
export const membersIn = (context: Context, { containers, object }: Workload): readonly Member[] =>
  containers.flatMap(each => membersAt(context, each)).filter(({ name }) => name === object.name);

function byPlace({ members }: Context): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    if (member.platform !== 'kubernetes' || member.form !== 'container') continue;
    const key = placeKey(member.at);
    found.set(key, [...(found.get(key) ?? []), member]);
  }
  return found;
}
