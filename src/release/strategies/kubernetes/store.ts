import type { Answer } from '../../../platforms/answer.ts';
import { MANAGER, STATUS } from '../../../platforms/kubernetes/marks.ts';
import { type Reply, refusal } from '../../../platforms/kubernetes/refusal.ts';
import { type RecordMap, recordsIn } from '../../../platforms/kubernetes/standing.ts';
import type { Store } from '../../store.ts';
import { addLine } from './audit.ts';
import { exchangeLease, readLease } from './lease.ts';
import { below, CORE, MERGE, type Place } from './place.ts';
import { filesIn, recordName, recordOf, releaseIn } from './record.ts';

/** One ConfigMap a release in the namespace; who may deploy there sees them, and they go when it goes. */
export function storeIn(place: Place): Store {
  const { cluster, namespace, project } = place;
  const maps = below(place, CORE, 'configmaps');
  const list = (signal: AbortSignal) => recordsIn(cluster, namespace, project, signal);
  const find = async (id: string, signal: AbortSignal): Promise<Answer<RecordMap | undefined>> => {
    const { value, obstacle } = await list(signal);
    return obstacle ? { obstacle } : { value: value.find(map => releaseIn(map).id === id) };
  };
  return {
    place: `ConfigMaps ${project}.release.* in namespace ${namespace} of ${cluster.context}`,
    async releases(signal) {
      const { value, obstacle } = await list(signal);
      if (obstacle) return { obstacle };
      return { value: value.map(releaseIn).sort((a, b) => a.sequence - b.sequence) };
    },
    async files(id, signal) {
      const { value, obstacle } = await find(id, signal);
      if (obstacle) return { obstacle };
      return value ? { value: filesIn(value) } : { obstacle: unknown(id, namespace) };
    },
    async add(release, files, signal) {
      const path = `${maps}?fieldManager=${MANAGER}`;
      const body = recordOf(project, release, files);
      const { value: reply, obstacle } = await cluster.send({ method: 'POST', path, body }, signal);
      if (obstacle) return { obstacle };
      if (reply.status < 300) return { value: undefined };
      if (reply.status !== 409) return { obstacle: refusal(maps, reply) };
      const there = await find(release.id, signal);
      if (there.obstacle) return { obstacle: there.obstacle };
      return there.value ? { value: undefined } : { obstacle: taken(recordName(project, release)) };
    },
    async mark(id, status, signal) {
      const { value, obstacle } = await find(id, signal);
      if (obstacle) return { obstacle };
      if (!value) return { obstacle: unknown(id, namespace) };
      const { name, resourceVersion } = value.metadata;
      const body = { metadata: { resourceVersion, labels: { [STATUS]: status } } };
      const request = { method: 'PATCH', path: `${maps}/${name}`, type: MERGE, body } as const;
      return done(request.path, await cluster.send(request, signal));
    },
    async remove(id, signal) {
      const { value, obstacle } = await find(id, signal);
      if (obstacle) return { obstacle };
      if (!value) return { value: undefined };
      const path = `${maps}/${value.metadata.name}`;
      return done(path, await cluster.send({ method: 'DELETE', path }, signal), [404]);
    },
    audit: (line, signal) => addLine(place, line, signal),
    lease: signal => readLease(place, signal),
    exchange: (seen, next, signal) => exchangeLease(place, seen, next, signal),
  };
}

const done = (path: string, sent: Answer<Reply>, fine: readonly number[] = []): Answer<void> => {
  if (sent.obstacle) return { obstacle: sent.obstacle };
  const { value } = sent;
  return value.status < 300 || fine.includes(value.status)
    ? { value: undefined }
    : { obstacle: refusal(path, value) };
};

const unknown = (id: string, namespace: string) => ({
  why: `namespace ${namespace} has no record of the release ${id}`,
  next: 'aideploy releases',
});

const taken = (name: string) => ({
  why: `another run recorded a release as ${name} meanwhile`,
  next: 'look at aideploy releases, and start again',
});
