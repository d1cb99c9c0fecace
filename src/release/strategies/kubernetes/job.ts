import type { V1CronJob, V1Job, V1Pod } from '@kubernetes/client-node';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { MANAGER } from '../../../platforms/kubernetes/marks.ts';
import { type PodTrouble, podsPath, podTrouble } from '../../../platforms/kubernetes/pods.ts';
import { isOfPlatform, messageOf, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { told } from '../../../platforms/kubernetes/rollout.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { type Look, obstructed, type Since, stopwatch, untilEnd } from './looking.ts';
import { hindranceOf } from './patience.ts';
import { below, type Place } from './place.ts';

/** A Job that is made of a CronJob which never comes by itself. */
interface Errand {
  readonly name: string;
  /** What a cause begins with: `the migration failed`. */
  readonly failed: string;
  /** Whether one that was done before is enough. */
  readonly once: boolean;
}

const jobsOf = (place: Place): string => below(place, 'apis/batch/v1', 'jobs');

/** One that runs is waited for; one that failed before is tried again. */
export async function runJob(
  place: Place,
  template: KubeObject & Pick<V1CronJob, 'spec'>,
  errand: Errand,
  control: Control,
): Promise<StepEnd> {
  const path = `${jobsOf(place)}/${errand.name}`;
  const { value: known, obstacle } = await place.cluster.get<V1Job>(path, control.signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (known && endOf(known) === 'Complete' && errand.once) return { status: 'done', note: 'it ran before' };
  if (known && endOf(known) !== undefined) {
    const removed = await remove(place, errand.name, control);
    if (removed) return removed;
  }
  if (!known || endOf(known) !== undefined) {
    const started = await start(place, template, errand, control.signal);
    if (started) return started;
  }
  return finished(place, errand, control);
}

const endOf = ({ status }: V1Job): string | undefined =>
  status?.conditions?.find(({ type, status: is }) => /^(?:Complete|Failed)$/.test(type) && is === 'True')
    ?.type;

async function start(
  place: Place,
  { metadata, spec }: KubeObject & Pick<V1CronJob, 'spec'>,
  { name, failed }: Errand,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const { jobTemplate } = spec ?? {};
  const body = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: jobTemplate?.metadata?.labels ?? metadata.labels,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    },
    spec: jobTemplate?.spec,
  };
  const path = `${jobsOf(place)}?fieldManager=${MANAGER}`;
  const { value, obstacle } = await place.cluster.send({ method: 'POST', path, body }, signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  // There is one already where an answer was lost on the way.
  if (value.status < 300 || value.status === 409) return undefined;
  return isOfPlatform(value)
    ? { status: 'obstructed', obstacle: refusal(jobsOf(place), value) }
    : { status: 'failed', cause: `${failed}: the cluster refuses its Job: ${messageOf(value.body)}` };
}

function finished(place: Place, { name, failed }: Errand, control: Control): Promise<StepEnd> {
  const { cluster, namespace } = place;
  const { signal } = control;
  const since = stopwatch();
  return untilEnd(control, async () => {
    const job = await cluster.get<V1Job>(`${jobsOf(place)}/${name}`, signal);
    const selector = { 'batch.kubernetes.io/job-name': name };
    const listed = await cluster.get<{ items: V1Pod[] }>(podsPath(namespace, selector), signal);
    const obstacle = job.obstacle ?? listed.obstacle;
    if (obstacle) return obstructed(obstacle);
    const fail = (cause: string): Look => ({ end: { status: 'failed', cause: `${failed}: ${cause}` } });
    if (!job.value) return fail(`somebody deleted its Job ${name}`);
    const pods = listed.value?.items ?? [];
    const end = endOf(job.value);
    if (end === 'Complete') return { end: { status: 'done' } };
    if (end === 'Failed') return fail(await why(place, job.value, pods, signal));
    const trouble = hopelessIn(pods, since);
    if (!trouble) return { coming: `Job ${name} runs` };
    const cause = await told(cluster, namespace, trouble, signal);
    // It must not come to life after all has gone back.
    const removed = await remove(place, name, control);
    return removed ? { end: removed } : fail(cause);
  });
}

/** What keeps a pod from its start for longer than it may. */
const hopelessIn = (pods: readonly V1Pod[], since: Since): PodTrouble | undefined =>
  pods
    .flatMap(pod => hindranceOf(pod) ?? [])
    .filter(({ trouble, mayBeOthers }) => !mayBeOthers && trouble.reason !== 'ContainerCreating')
    .find(({ trouble, patience }) => since(`${trouble.pod} ${trouble.reason}`) >= patience)?.trouble;

async function why(
  { cluster, namespace }: Place,
  { status }: V1Job,
  pods: readonly V1Pod[],
  signal: AbortSignal,
) {
  const trouble = pods.flatMap(pod => podTrouble(pod, Date.now()) ?? []).at(-1);
  if (trouble) return told(cluster, namespace, trouble, signal);
  const condition = status?.conditions?.find(({ type }) => type === 'Failed');
  return `${condition?.reason}: ${condition?.message}`;
}

/** With its pods; until it is gone, since another of its name would not be made. Undefined when it is. */
async function remove(place: Place, name: string, control: Control): Promise<StepEnd | undefined> {
  const path = `${jobsOf(place)}/${name}`;
  const request = { method: 'DELETE', path, body: { propagationPolicy: 'Foreground' } } as const;
  const { value, obstacle } = await place.cluster.send(request, control.signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (value.status >= 300 && value.status !== 404)
    return { status: 'obstructed', obstacle: refusal(path, value) };
  const end = await untilEnd(control, async () => {
    const left = await place.cluster.get(path, control.signal);
    if (left.obstacle) return obstructed(left.obstacle);
    return left.value ? { coming: '' } : { end: { status: 'done' } };
  });
  return end.status === 'done' ? undefined : end;
}
