import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, QUOTED } from '../last-lines.ts';
import type { Cluster } from './cluster.ts';
import type { PodTrouble } from './pods.ts';

/** What a kubelet writes in the place of a log whose container goes just then, as another takes its place. */
const GONE = /^unable to retrieve container logs for \S+$/;
const ATTEMPTS = 5;
/** By then the pod's status names the container that is there now. */
const PAUSE = 500;

/** The last lines of its log: of the run that ended, where it is between two. */
export async function lastWords(
  cluster: Cluster,
  namespace: string,
  { pod, container, ended: previous }: PodTrouble,
  signal: AbortSignal,
): Promise<string[]> {
  if (container === undefined) return [];
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}&tailLines=${QUOTED}${previous ? '&previous=true' : ''}`;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { value = '' } = await cluster.text(path, signal);
    if (!GONE.test(value.trim())) return lastLines(value);
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
  return [];
}
