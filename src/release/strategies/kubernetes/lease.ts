import type { Answer } from '../../../platforms/answer.ts';
import { MANAGER, PROJECT, RECORD } from '../../../platforms/kubernetes/marks.ts';
import { type Reply, refusal } from '../../../platforms/kubernetes/refusal.ts';
import type { Lease } from '../../store.ts';
import { below, type Place } from './place.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
interface KubeLease {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

const GROUP = 'apis/coordination.k8s.io/v1';
/** The server has no say in when it ends: that is for who looks at the beat. So all of it is one note. */
const HELD = 'aideploy.dev/lease';

const leasesOf = (place: Place): string => below(place, GROUP, 'leases');
const nameOf = ({ project }: Place): string => `${project}.deploy`;

async function read(place: Place, signal: AbortSignal): Promise<Answer<KubeLease | undefined>> {
  return place.cluster.get<KubeLease>(`${leasesOf(place)}/${nameOf(place)}`, signal);
}

const leaseIn = (live: KubeLease | undefined): Lease | undefined => {
  const held = live?.metadata.annotations?.[HELD];
  return held === undefined ? undefined : (JSON.parse(held) as Lease);
};

export async function readLease(place: Place, signal: AbortSignal): Promise<Answer<Lease | undefined>> {
  const { value, obstacle } = await read(place, signal);
  return obstacle ? { obstacle } : { value: leaseIn(value) };
}

/** The version that was read is a condition of the change, so that of two who saw the same one comes through. */
export async function exchangeLease(
  place: Place,
  seen: Lease | undefined,
  next: Lease | undefined,
  signal: AbortSignal,
): Promise<Answer<boolean>> {
  const { value: live, obstacle } = await read(place, signal);
  if (obstacle) return { obstacle };
  const held = leaseIn(live);
  // A change whose answer was lost on the way.
  if (isSame(held, next)) return { value: true };
  if (!isSame(held, seen)) return { value: false };
  const sent = await change(place, live, next, signal);
  if (sent.obstacle) return { obstacle: sent.obstacle };
  const { status } = sent.value;
  if (status < 300) return { value: true };
  if (status === 409 || (live && status === 404)) return { value: false };
  if (status === 404) return made(await makeNamespace(place, signal), place, seen, next, signal);
  return { obstacle: refusal(leasesOf(place), sent.value) };
}

const isSame = (a: Lease | undefined, b: Lease | undefined): boolean =>
  a?.token === b?.token && a?.beat === b?.beat;

function change(
  place: Place,
  live: KubeLease | undefined,
  next: Lease | undefined,
  signal: AbortSignal,
): Promise<Answer<Reply>> {
  const path = `${leasesOf(place)}/${nameOf(place)}`;
  const resourceVersion = live?.metadata.resourceVersion;
  const send = place.cluster.send;
  if (!next) return send({ method: 'DELETE', path, body: { preconditions: { resourceVersion } } }, signal);
  const body = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: nameOf(place),
      ...(resourceVersion !== undefined && { resourceVersion }),
      labels: { [PROJECT]: place.project, [RECORD]: 'lease' },
      annotations: { [HELD]: JSON.stringify(next) },
    },
    // What `kubectl get leases` shows.
    spec: { holderIdentity: next.owner, leaseDurationSeconds: Math.max(1, Math.ceil(next.seconds)) },
  };
  const query = `?fieldManager=${MANAGER}`;
  return live
    ? send({ method: 'PUT', path: path + query, body }, signal)
    : send({ method: 'POST', path: leasesOf(place) + query, body }, signal);
}

/** The first deploy of all: what makes the namespace what it is to be comes with the first step. */
function makeNamespace({ cluster, namespace }: Place, signal: AbortSignal): Promise<Answer<Reply>> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  return cluster.send({ method: 'POST', path: '/api/v1/namespaces', body }, signal);
}

async function made(
  { value, obstacle }: Answer<Reply>,
  place: Place,
  seen: Lease | undefined,
  next: Lease | undefined,
  signal: AbortSignal,
): Promise<Answer<boolean>> {
  if (obstacle) return { obstacle };
  if (value.status < 300 || value.status === 409) return exchangeLease(place, seen, next, signal);
  return { obstacle: refusal('/api/v1/namespaces', value) };
}
