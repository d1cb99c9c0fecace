import type { CoreV1Event, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { CALM } from '../calm.ts';
import type { Cluster } from './cluster.ts';

/** What keeps a pod from serving, and what it and the cluster had to say. */
export interface PodTrouble {
  readonly pod: string;
  /** Such as CrashLoopBackOff, or Unschedulable. */
  readonly reason: string;
  readonly message: string;
  readonly container: string | undefined;
  /** Its log is that of the run before this one. */
  readonly ended: boolean;
}

/** Reasons that pass by themselves. */
const STARTING = ['ContainerCreating', 'PodInitializing'];

/** What the kubelet says of a crash loop is that it is one. */
const REPEATS = /^back-off (?:\S+ )?restarting failed container/i;

export const podsPath = (namespace: string, labels: Readonly<Record<string, string>>): string => {
  const selector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
};

export const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

export const isReady = ({ status }: V1Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;

export const restartsOf = (pod: V1Pod): number =>
  statusesOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** The first thing that is wrong with a pod; undefined for one that serves, or that only starts. */
export function podTrouble(pod: V1Pod, now: number): PodTrouble | undefined {
  const name = pod.metadata?.name ?? '';
  const { status } = pod;
  const unscheduled = status?.conditions?.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );
  const trouble = (reason: string, message = '', container?: string, ended = false): PodTrouble => ({
    pod: name,
    reason,
    message,
    container,
    ended,
  });
  if (unscheduled) return trouble(unscheduled.reason ?? 'Unschedulable', unscheduled.message);
  for (const { name: container, state, lastState, ready, restartCount } of statusesOf(pod)) {
    const { waiting, terminated, running } = state ?? {};
    const last = lastState?.terminated;
    if (waiting?.reason && !STARTING.includes(waiting.reason))
      return trouble(
        waiting.reason,
        [REPEATS.test(waiting.message ?? '') ? '' : waiting.message, ended(last)].filter(Boolean).join('; '),
        container,
        restartCount > 0,
      );
    if (terminated && terminated.exitCode !== 0)
      return trouble(terminated.reason ?? 'Error', ended(terminated), container);
    if (last && now - new Date(last.finishedAt ?? 0).getTime() < CALM)
      return trouble(
        'Restarted',
        `${restartCount} times, the last time because it ${ended(last)}`,
        container,
        true,
      );
    if (running && !ready) return trouble('NotReady', 'its readiness probe says no', container);
  }
  return status?.phase === 'Failed' ? trouble(status.reason ?? 'Failed', status.message) : undefined;
}

const ended = (state: { exitCode: number; reason?: string; message?: string } | undefined): string =>
  state === undefined
    ? ''
    : `ended with ${state.exitCode} (${state.reason ?? 'no reason given'})${state.message ? `: ${state.message}` : ''}`;

/** The last event about a pod that is a warning, as `kubectl describe` would end with. */
export async function lastWarning(
  cluster: Cluster,
  namespace: string,
  pod: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const selector = encodeURIComponent(`involvedObject.name=${pod},type=Warning`);
  const { value } = await cluster.get<{ items: CoreV1Event[] }>(
    `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`,
    signal,
  );
  const time = ({ lastTimestamp, eventTime, metadata }: CoreV1Event) =>
    new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
  // `Error: ImagePullBackOff` and the like repeat the state that the pod has anyway.
  const telling = (value?.items ?? []).filter(
    ({ message = '' }) => !/^Error: \w+$/.test(message) && !REPEATS.test(message),
  );
  const last = telling.sort((a, b) => time(a) - time(b)).at(-1);
  return last && `${last.reason}: ${last.message}`;
}
