import { setTimeout as sleep } from 'node:timers/promises';
import type { V1CronJob, V1Job, V1Pod } from '@kubernetes/client-node';
import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { MANAGER } from '../../../platforms/kubernetes/marks.ts';
import { podsPath, podTrouble } from '../../../platforms/kubernetes/pods.ts';
import { isOfPlatform, messageOf, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { told } from '../../../platforms/kubernetes/rollout.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import { hindranceOf } from './patience.ts';
import { below, type Place } from './place.ts';
import { INTERRUPTED } from './wait.ts';

const PAUSE = 1_000;

/** A Job that is made of a CronJob which never comes by itself. */
export interface Errand {
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
    const removed = await remove(place, errand.name, control.signal);
    if (removed.obstacle) return { status: 'obstructed', obstacle: removed.obstacle };
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

async function finished(place: Place, { name, failed }: Errand, { signal, say }: Control): Promise<StepEnd> {
  const { cluster, namespace } = place;
  const first = new Map<string, number>();
  say(`Job ${name} runs`);
  while (!signal.aborted) {
    const job = await cluster.get<V1Job>(`${jobsOf(place)}/${name}`, signal);
    const pods = await cluster.get<{ items: V1Pod[] }>(
      podsPath(namespace, { 'batch.kubernetes.io/job-name': name }),
      signal,
    );
    const obstacle = job.obstacle ?? pods.obstacle;
    if (obstacle) return { status: 'obstructed', obstacle };
    if (!job.value) return { status: 'failed', cause: `${failed}: somebody deleted its Job ${name}` };
    const end = endOf(job.value);
    if (end === 'Complete') return { status: 'done' };
    if (end === 'Failed')
      return {
        status: 'failed',
        cause: `${failed}: ${await why(place, job.value, pods.value?.items ?? [], signal)}`,
      };
    const hopeless = (pods.value?.items ?? [])
      .flatMap(pod => hindranceOf(pod) ?? [])
      .find(each => {
        const key = `${each.trouble.pod} ${each.trouble.reason}`;
        const since = first.get(key) ?? performance.now();
        first.set(key, since);
        return (
          performance.now() - since >= each.patience &&
          !each.mayBeOthers &&
          each.trouble.reason !== 'ContainerCreating'
        );
      });
    if (hopeless) {
      const cause = `${failed}: ${await told(cluster, namespace, hopeless.trouble, signal)}`;
      // It must not come to life after all has gone back.
      const removed = await remove(place, name, signal);
      return removed.obstacle
        ? { status: 'obstructed', obstacle: removed.obstacle }
        : { status: 'failed', cause };
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
  return { status: 'obstructed', obstacle: INTERRUPTED };
}

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

/** With its pods; until it is gone, since another of its name would not be made. */
async function remove(place: Place, name: string, signal: AbortSignal): Promise<Answer<void>> {
  const path = `${jobsOf(place)}/${name}`;
  const request = { method: 'DELETE', path, body: { propagationPolicy: 'Foreground' } } as const;
  const { value, obstacle } = await place.cluster.send(request, signal);
  if (obstacle) return { obstacle };
  if (value.status >= 300 && value.status !== 404) return { obstacle: refusal(path, value) };
  while (!signal.aborted) {
    const left = await place.cluster.get(path, signal);
    if (left.obstacle) return { obstacle: left.obstacle };
    if (!left.value) return { value: undefined };
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
  return { obstacle: INTERRUPTED };
}
