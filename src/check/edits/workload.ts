import type { Place } from '../../artifacts/text.ts';
import { placeOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { clustersOf, type Workload } from '../kubernetes/cluster.ts';

export interface Placed {
  readonly workload: Workload;
  readonly container: YamlNode;
}

const CONTAINERS = new WeakMap<Context, ReadonlyMap<string, Placed>>();
const keyOf = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** The container that a member of Kubernetes was read from, with what holds it. */
export function containerOf(context: Context, member: Member): Placed | undefined {
  if (member.platform !== 'kubernetes' || member.form !== 'container') return undefined;
  const known =
    CONTAINERS.get(context) ??
    new Map(
      clustersOf(context)
        .flatMap(cluster => cluster.workloads)
        .flatMap(workload =>
          workload.containers.map(container => [keyOf(placeOf(container)), { workload, container }] as const),
        ),
    );
  CONTAINERS.set(context, known);
  return known.get(keyOf(member.at));
}
