import type { Answer } from '../../platforms/answer.ts';
import type { Cluster } from '../../platforms/kubernetes/cluster.ts';
import { applierOf, differences, editedByHand, type Managed } from '../../platforms/kubernetes/difference.ts';
import { type KubeObject, pathOf } from '../../platforms/kubernetes/discovery.ts';
import { kustomize } from '../../platforms/kubernetes/kustomize.ts';
import { MANAGER } from '../../platforms/kubernetes/marks.ts';
import { deployedObjects } from '../../platforms/kubernetes/standing.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import type { RolloutRow } from '../verification.ts';
import { reach } from './workloads.ts';

export interface Overlay {
  readonly folder: string;
  readonly namespace: string;
  readonly project: string;
}

/** What the overlay says where nobody told it a version: what runs is taken for right then. */
const TAG_UNSET = 'tag-not-set';

const MOST = 5;

export async function lookAtDrift(overlay: Overlay, signal: AbortSignal): Promise<Observation> {
  const unasked = 'live objects to be compared with what they are meant to be';
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, unasked);
  const meant = await meantBy(cluster.value, overlay, signal);
  if (meant.obstacle) return blocked(meant.obstacle, unasked);
  const { objects, as, by, next } = meant.value;
  const found = await Promise.all(objects.map(object => compare(cluster.value, object, by, signal)));
  const unseen = found.find(each => !Array.isArray(each));
  if (unseen && !Array.isArray(unseen)) return unseen;
  const all = found.flat() as Drift[];
  if (all.length === 0) return pass(`${objects.length} objects in ${overlay.namespace} are as ${as}`);
  const told = all.slice(0, MOST).map(({ object, what }) => `${object}: ${what}`);
  const more = all.length > MOST ? `; and ${all.length - MOST} more` : '';
  const rollout: RolloutRow[] = all.map(({ object, what }) => ({
    kind: 'drift',
    name: object,
    state: 'differs',
    good: false,
    notes: [what],
  }));
  const expected = `live objects as ${as}`;
  return fail({ observed: `${told.join('; ')}${more}`, expected, next, detail: { rollout } });
}

interface Meant {
  readonly objects: readonly KubeObject[];
  readonly as: string;
  /** Who would apply them; undefined where that is for the live object to tell. */
  readonly by: string | undefined;
  readonly next: string;
}

/** What is there is meant to be the release that a deploy brought; where none did, what is rendered. */
async function meantBy(
  cluster: Cluster,
  { folder, namespace, project }: Overlay,
  signal: AbortSignal,
): Promise<Answer<Meant>> {
  const deployed = await deployedObjects(cluster, namespace, project, signal);
  if (deployed.obstacle) return { obstacle: deployed.obstacle };
  if (deployed.value) {
    const { objects, release } = deployed.value;
    const next = `put it into aideploy.yaml and deploy that; or aideploy deploy kubernetes --tag ${release.replace(/\+\d+$/, '')}`;
    return { value: { objects, as: `release ${release} has them`, by: MANAGER, next } };
  }
  const built = await kustomize(folder, signal);
  if (built.obstacle) return { obstacle: built.obstacle };
  // A Secret's values are the operator's; a render holds none.
  const objects = built.value.filter(({ kind }) => kind !== 'Secret');
  const next = `see kubectl diff -k ${folder}; then kubectl apply -k it, or change aideploy.yaml and render`;
  return { value: { objects, as: 'rendered', by: undefined, next } };
}

interface Drift {
  readonly object: string;
  readonly what: string;
}

async function compare(
  cluster: Cluster,
  object: KubeObject,
  by: string | undefined,
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
  // A Job that is done goes by itself.
  if (live.value === undefined)
    return object.kind === 'Job' ? [] : [{ object: name, what: 'it is not there' }];
  const wanted = withTagOf(object, live.value);
  const made = await cluster.dryRun<object>(
    path.value,
    wanted,
    by ?? applierOf(live.value) ?? 'aideploy-verify',
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
