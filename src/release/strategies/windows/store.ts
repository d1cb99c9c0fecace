import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../../../platforms/answer.ts';
import type { Release } from '../../release.ts';
import { objectIn, readRecord } from '../../store/record.ts';
import type { Lease, Store } from '../../store.ts';
import { kept, type Place } from './place.ts';

/** What release.cmd ends with where another one was first. */
const TAKEN = 3;

/** The record that the scripts keep, whoever runs them: a release is written by the script that places its programs. */
export function windowsStore(place: Place): Store {
  const { site, folder } = place;
  const ask = (signal: AbortSignal, args: readonly string[], line?: object) =>
    asking(place, signal, args, line);
  const recordOf = async (id: string) =>
    readRecord(id, (await site.read(`${kept(place, id)}\\release.json`)) ?? '');
  return {
    place: `${folder}\\releases`,
    async releases() {
      const records = await Promise.all((await site.list(`${folder}\\releases`)).map(recordOf));
      const known = records.filter(record => record !== undefined);
      return { value: known.map(asOurs).sort((a, b) => a.sequence - b.sequence || (a.id < b.id ? -1 : 1)) };
    },
    // Its scripts lie with its programs, and are what goes back to it.
    files: async () => ({ value: [] }),
    add: async () => ({ value: undefined }),
    async mark(id, status, signal) {
      const record = await recordOf(id);
      if (!record || record.status === status) return { value: undefined };
      return nothing(await ask(signal, ['mark', id, status]));
    },
    remove: async (id, signal) => nothing(await ask(signal, ['remove', id])),
    audit: async (line, signal) => nothing(await ask(signal, ['audit'], line)),
    ...leaseIn(place, ask),
  };
}

const asOurs = (release: Release): Release => ({ ...release, platform: 'windows' });

type Ask = (signal: AbortSignal, args: readonly string[], line?: object) => Promise<Answer<boolean>>;

/** A line of ASCII: what cmd writes depends on its code page else. */
const lineOf = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** False where another one was first. */
async function asking(
  { site, scripts, folder }: Place,
  signal: AbortSignal,
  args: readonly string[],
  line?: object,
): Promise<Answer<boolean>> {
  const env = line && { AIDEPLOY_LINE: lineOf(line) };
  const { status, exitCode, stderr, message } = await site.run(
    `${scripts}\\release.cmd`,
    args,
    { signal },
    env,
  );
  if (status === 'ok') return { value: true };
  if (status === 'failed' && exitCode === TAKEN) return { value: false };
  const why = stderr.trim().split(/\r?\n/).at(-1) || message;
  return { obstacle: { why: `${folder}: ${why}`, next: 'run it as administrator' } };
}

const nothing = ({ obstacle }: Answer<boolean>): Answer<void> =>
  obstacle ? { obstacle } : { value: undefined };

/** Numbered files, of which the highest counts: a number is taken by whoever gives its file that name first. */
function leaseIn({ site, folder }: Place, ask: Ask): Pick<Store, 'lease' | 'exchange'> {
  const highest = async () =>
    Math.max(0, ...(await site.list(`${folder}\\lease`)).filter(name => /^\d+$/.test(name)).map(Number));
  const leaseAt = async (number: number) => {
    const text = number === 0 ? undefined : await site.read(`${folder}\\lease\\${number}`);
    const { lease } = objectIn(text ?? '') ?? {};
    return (lease ?? undefined) as Lease | undefined;
  };
  return {
    lease: async () => ({ value: await leaseAt(await highest()) }),
    async exchange(seen, next, signal) {
      const number = await highest();
      if (!isDeepStrictEqual(await leaseAt(number), seen)) return { value: false };
      const taken = await ask(signal, ['lease', String(number + 1), randomUUID()], { lease: next ?? null });
      if (!taken.value) return taken;
      // Who looked long ago may get a number that was given up since.
      return { value: (await highest()) === number + 1 };
    },
  };
}
