import type { Cluster } from '../../platforms/kubernetes/cluster.ts';
import { applierOf, differences, editedByHand, type Managed } from '../../platforms/kubernetes/difference.ts';
import { type KubeObject, pathOf } from '../../platforms/kubernetes/discovery.ts';
import { kustomize } from '../../platforms/kubernetes/kustomize.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import type { RolloutRow } from '../verification.ts';
import { reach } from './workloads.ts';

export interface Overlay {
  readonly folder: string;
  readonly namespace: string;
}

/** What the overlay says where nobody told it a version: what runs is taken for right then. */
const TAG_UNSET = 'tag-not-set';

const MOST = 5;

export async function lookAtDrift({ folder, namespace }: Overlay, signal: AbortSignal): Promise<Observation> {
  const expected = 'live objects as the rendered files would make them';
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const built = await kustomize(folder, signal);
  if (built.obstacle) return blocked(built.obstacle, expected);
  // A Secret's values are the operator's; a render holds none.
  const objects = built.value.filter(({ kind }) => kind !== 'Secret');
  const found = await Promise.all(objects.map(object => compare(cluster.value, object, signal)));
  const unseen = found.find(each => !Array.isArray(each));
  if (unseen && !Array.isArray(unseen)) return unseen;
  const all = found.flat() as Drift[];
  const next = `see kubectl diff -k ${folder}; then kubectl apply -k it, or change aideploy.yaml and render`;
  if (all.length === 0) return pass(`${objects.length} objects in ${namespace} are as rendered`);
  const told = all.slice(0, MOST).map(({ object, what }) => `${object}: ${what}`);
  const more = all.length > MOST ? `; and ${all.length - MOST} more` : '';
  const rollout: RolloutRow[] = all.map(({ object, what }) => ({
    kind: 'drift',
    name: object,
    state: 'differs',
    good: false,
    notes: [what],
  }));
  return fail({ observed: `${told.join('; ')}${more}`, expected, next, detail: { rollout } });
}

interface Drift {
  readonly object: string;
  readonly what: string;
}

async function compare(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Drift[] | Observation> {
  const name = `${object.kind} ${object.metadata.name}`;
  const expected = `${name} to be compared`;
  const path = await pathOf(cluster, object, signal);
  if (path.obstacle) return blocked(path.obstacle, expected);
  if (path.value === undefined)
    return [{ object: name, what: `the cluster knows no kind ${object.kind} of ${object.apiVersion}` }];
  const live = await cluster.get<KubeObject & Managed>(path.value, signal);
  if (live.obstacle) return blocked(live.obstacle, expected);
  if (live.value === undefined) return [{ object: name, what: 'it is not there' }];
  const wanted = withTagOf(object, live.value);
  const made = await cluster.dryRun<object>(
    path.value,
    wanted,
    applierOf(live.value) ?? 'aideploy-verify',
    signal,
  );
  if (made.obstacle)
    return /answers 4(?:00|22)/.test(made.obstacle.why)
      ? [{ object: name, what: made.obstacle.why }]
      : blocked(made.obstacle, expected);
  return [
    ...differences(live.value, made.value).map(({ path: at, live: is, wanted: rendered }) => ({
      object: name,
      what: `${at} is ${is}, rendered ${rendered}`,
    })),
    ...editedByHand(live.value).map(({ manager, fields }) => ({
      object: name,
      what: `${manager} set ${fields.join(', ')}`,
    })),
  ];
}

/** The object with the tag that its live copy has, wherever the render left it open. */
function withTagOf(object: KubeObject, live: object): object {
  const text = JSON.stringify(object);
  if (!text.includes(TAG_UNSET)) return object;
  const repository = new RegExp(`"image":"([^"]+):${TAG_UNSET}"`).exec(text)?.[1];
  const images = [...JSON.stringify(live).matchAll(/"image":"([^"]+):([^":/@]+)"/g)];
  const tag = images.find(([, name]) => name === repository)?.[2] ?? TAG_UNSET;
  return JSON.parse(text.replaceAll(TAG_UNSET, tag)) as object;
}
