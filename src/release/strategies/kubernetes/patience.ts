import type { V1Pod } from '@kubernetes/client-node';
import {
  isReady,
  type PodTrouble,
  podTrouble,
  restartsOf,
  statusesOf,
} from '../../../platforms/kubernetes/pods.ts';

/** What keeps a pod from its start, and how long that may go on before nobody expects it to end. Milliseconds. */
interface Hindrance {
  readonly trouble: PodTrouble;
  readonly patience: number;
  /** It may only wait for something else that is still starting. */
  readonly mayBeOthers: boolean;
}

/** A program that waits for another one by ending is started again after 10, 20, 40 seconds. */
const RESTARTS = 3;
/** Nothing that a registry says of a name changes by asking again; a network does. */
const FINAL_PULL = /not found|manifest unknown|unauthorized|denied|forbidden|authentication required/i;

const SECOND = 1_000;
const PATIENCE: Readonly<Record<string, number>> = {
  InvalidImageName: 0,
  ErrImageNeverPull: 0,
  // Each may be on its way: an operator makes the Secret, an autoscaler the node.
  CreateContainerConfigError: 20 * SECOND,
  CreateContainerError: 20 * SECOND,
  RunContainerError: 20 * SECOND,
  Unschedulable: 300 * SECOND,
  SchedulerError: 300 * SECOND,
};
const PULLING = 90 * SECOND;
const READINESS = 60 * SECOND;
/** A volume, an address: the kubelet tries again, and says so. */
const PREPARING = 120 * SECOND;

/** Undefined for a pod that serves, or of which nothing is known to be wrong. */
export function hindranceOf(pod: V1Pod): Hindrance | undefined {
  const trouble = podTrouble(pod, Date.now()) ?? preparing(pod);
  if (!trouble || isReady(pod)) return undefined;
  const { reason, message } = trouble;
  const of = (patience: number, mayBeOthers = false): Hindrance => ({ trouble, patience, mayBeOthers });
  const known = PATIENCE[reason];
  if (known !== undefined) return of(known);
  if (/^(?:ErrImagePull|ImagePullBackOff|RegistryUnavailable)$/.test(reason))
    return of(FINAL_PULL.test(message) ? 10 * SECOND : PULLING);
  if (reason === 'ContainerCreating') return of(PREPARING);
  if (reason === 'NotReady')
    return of(isStarted(pod, trouble) ? READINESS : 2 * startOf(pod) + READINESS, true);
  return restartsOf(pod) >= RESTARTS ? of(0, true) : undefined;
}

const preparing = (pod: V1Pod): PodTrouble | undefined => {
  const found = statusesOf(pod).find(({ state }) => state?.waiting?.reason === 'ContainerCreating');
  return (
    found && {
      pod: pod.metadata?.name ?? '',
      reason: 'ContainerCreating',
      message: '',
      container: undefined,
      ended: false,
    }
  );
};

const isStarted = (pod: V1Pod, { container }: PodTrouble): boolean =>
  statusesOf(pod).find(({ name }) => name === container)?.started !== false;

/** What its startup probes leave it. */
const startOf = ({ spec }: V1Pod): number =>
  Math.max(
    0,
    ...(spec?.containers ?? []).map(({ startupProbe: probe }) =>
      probe
        ? ((probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3)) *
          SECOND
        : 0,
    ),
  );
