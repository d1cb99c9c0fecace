import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../../../platforms/answer.ts';
import { gcloud } from '../../../platforms/cloudrun/gcloud.ts';
import { objectIn } from '../../store/record.ts';
import type { Lease, Store } from '../../store.ts';

interface Secret {
  readonly etag: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const KEY = 'lease';
/** Somebody else was there between our look and our change. */
const CHANGED = /FAILED_PRECONDITION|ABORTED|etag/i;

/**
 * An annotation of a secret that holds nothing. gcloud compares the etag of a secret, and of a service nothing: its
 * `services replace` takes the resourceVersion that it finds, whatever was seen before, and deploy.sh replaces all
 * annotations of a service.
 */
export function leaseIn(project: string, id: string): Pick<Store, 'lease' | 'exchange'> {
  const ask = (signal: AbortSignal, verb: string, ...flags: string[]) =>
    gcloud<Secret>(['secrets', verb, id, `--project=${project}`, ...flags], signal);
  // What was written last needs no look before the next beat: its etag says whether it still stands.
  let last: Secret | undefined;
  const look = async (signal: AbortSignal): Promise<Answer<Secret | undefined>> => {
    const { value, obstacle } = await ask(signal, 'describe');
    return obstacle ? { obstacle } : { value };
  };
  const make = (signal: AbortSignal) => ask(signal, 'create', '--replication-policy=automatic');
  return {
    async lease(signal) {
      const { value, obstacle } = await look(signal);
      return obstacle ? { obstacle } : { value: leaseOf(value) };
    },
    async exchange(seen, next, signal): Promise<Answer<boolean>> {
      const there = last && isDeepStrictEqual(leaseOf(last), seen) ? { value: last } : await look(signal);
      last = undefined;
      if (there.obstacle) return there;
      if (!isDeepStrictEqual(leaseOf(there.value), seen)) return { value: false };
      // Where two make it at once, one is refused, and looks again.
      const found = there.value ? there : await make(signal);
      if (found.obstacle)
        return /ALREADY_EXISTS|already exists/i.test(found.obstacle.why) ? { value: false } : found;
      const change = next ? `--update-annotations=${KEY}=${written(next)}` : `--remove-annotations=${KEY}`;
      const changed = await ask(signal, 'update', change, `--etag=${found.value?.etag ?? ''}`);
      if (changed.obstacle) return CHANGED.test(changed.obstacle.why) ? { value: false } : changed;
      last = changed.value;
      return { value: last !== undefined };
    },
  };
}

/** Without a comma, which would begin another annotation. */
const written = (lease: Lease): string => Buffer.from(JSON.stringify(lease)).toString('base64url');

const leaseOf = (secret: Secret | undefined): Lease | undefined =>
  objectIn(Buffer.from(secret?.annotations?.[KEY] ?? '', 'base64url').toString()) as Lease | undefined;
