import type { Capacity } from '../../model/capacity.ts';
import type { Access, Deployment, Endpoint } from '../deployment.ts';
import { busyFor } from '../health/busy.ts';
import { subjectOf } from '../health/questions.ts';
import { ask } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { type Attempt, type Flags, type Observation, type Probe, skip, undecided } from '../probe.ts';
import { createQueue } from '../queue.ts';
import { judgeVersions, type Read, versionIn } from '../version.ts';

interface Asked {
  readonly access: Access;
  /** Where a version may be found, the best place first. */
  readonly paths: readonly string[];
  readonly reads: number;
  readonly expected: string | undefined;
  readonly timeout: number;
}

/** Of ten reads for each replica, one that is old is missed once in 20,000 times. */
const READS_EACH = 10;
const FEWEST = 20;
const MOST = 200;
const AT_ONCE = 4;

export const version: Probe<Asked> = {
  id: 'version',
  title: 'every replica serves the version that was deployed, read several times',
  plan: (deployment, flags) => deployment.endpoints.flatMap(endpoint => specOf(endpoint, deployment, flags)),
  async observe({ data }, attempt) {
    const found = await firstOf(data, attempt);
    if (!found) return unknown(data);
    const enqueue = createQueue(AT_ONCE);
    const others = Array.from({ length: data.reads - 1 }, () =>
      enqueue(() => read(found.path, data, attempt)),
    );
    const reads = found.read.kind === 'trouble' ? [found.read] : [found.read, ...(await Promise.all(others))];
    const asked = `GET ${found.path}`;
    const lost = reads.find(each => each.kind === 'trouble');
    if (lost) return failFor(asked, lost, `a version each of ${data.reads} times`);
    return judgeVersions(asked, reads, data.expected);
  },
};

function specOf(endpoint: Endpoint, { model }: Deployment, flags: Flags) {
  const { access, version: path, ready, live } = endpoint;
  const paths = [path, ready, live].filter(each => each !== undefined);
  const service = model?.services.find(({ key }) => key === endpoint.service);
  if (paths.length === 0 || service?.source.kind === 'image') return [];
  const reads = Math.min(MOST, Math.max(FEWEST, READS_EACH * replicasOf(service?.capacity)));
  const expected = flags.expectVersion ?? flags.env['AIDEPLOY_TAG'] ?? model?.image.tag;
  return [
    {
      ...subjectOf(endpoint),
      name: `${endpoint.service ?? 'the service'}: ${expected === undefined ? 'one version' : `version ${expected}`}`,
      data: { access, paths, reads, expected, timeout: flags.timeout },
      timeout: flags.timeout * 2,
    },
  ];
}

const replicasOf = (capacity: Capacity | undefined) =>
  capacity?.scale.kind === 'fixed' ? capacity.scale.replicas : (capacity?.scale.max ?? 1);

async function read(path: string, { access, timeout }: Asked, { signal }: Attempt): Promise<Read> {
  const answer = await ask({ access, path, signal, within: timeout });
  if (answer.kind === 'trouble') return answer;
  if (busyFor(answer) !== undefined) return { kind: 'busy' };
  const found = answer.status < 300 ? versionIn(answer) : undefined;
  return found === undefined ? { kind: 'silent' } : { kind: 'version', version: found };
}

/** The place that names a version, or from which no answer came. */
async function firstOf(data: Asked, attempt: Attempt): Promise<{ path: string; read: Read } | undefined> {
  for (const path of data.paths) {
    const first = await read(path, data, attempt);
    if (first.kind === 'version' || first.kind === 'trouble') return { path, read: first };
  }
  return undefined;
}

function unknown({ expected, paths }: Asked): Observation {
  const where = paths.map(path => `GET ${path}`).join(', ');
  if (expected === undefined) return skip(`nothing names a version: ${where}`);
  return undecided({
    expected: `version ${expected}`,
    observed: `no version in ${where}`,
    next: 'let the program say its version at /version or in its health body, or leave this out with --skip version',
  });
}
