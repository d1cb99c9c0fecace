import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../../../platforms/answer.ts';
import type { Release } from '../../release.ts';
import { inOrder, objectIn, type Read, recordFrom } from '../../store/record.ts';
import type { Lease, Store } from '../../store.ts';
import { DETAILS } from './details.ts';
import { lineOf } from './line.ts';
import { kept, type Place } from './place.ts';

/** Of a release that a person brought by the scripts alone. */
type Unsaid = Pick<Release, 'environment' | 'migration'>;

/** The record that the scripts keep, whoever runs them: a release is written by the script that places its programs. */
export function windowsStore(place: Place, unsaid: Unsaid): Store {
  const { site, folder } = place;
  const ask = (signal: AbortSignal, args: readonly string[], line?: object) =>
    asking(place, signal, args, line);
  /** Undefined where a script was ended before it wrote the record: then there is no release yet. */
  const recordOf = async (id: string): Promise<Read | undefined> => {
    const [record, details] = await Promise.all(
      ['release.json', DETAILS].map(name => site.read(`${kept(place, id)}\\${name}`)),
    );
    if (record === undefined) return undefined;
    const fields = { platform: 'windows', ...unsaid, ...objectIn(details ?? ''), ...objectIn(record) };
    return { id, release: recordFrom(id, fields) };
  };
  return {
    place: `${folder}\\releases`,
    async releases() {
      const ids = await site.list(`${folder}\\releases`);
      const records = await Promise.all(ids.map(recordOf));
      return inOrder(records.filter(record => record !== undefined));
    },
    // Its scripts lie with its programs, and are what goes back to it.
    files: async () => ({ value: [] }),
    add: async () => ({ value: undefined }),
    async mark(id, status, signal) {
      const { release } = (await recordOf(id)) ?? {};
      if (!release || release.status === status) return { value: undefined };
      return ask(signal, ['mark', id, status]);
    },
    remove: (id, signal) => ask(signal, ['remove', id]),
    audit: (line, signal) => ask(signal, ['audit'], line),
    ...leaseIn(place, ask),
  };
}

type Ask = (signal: AbortSignal, args: readonly string[], line?: object) => Promise<Answer<void>>;

async function asking(
  { site, scripts, folder }: Place,
  signal: AbortSignal,
  args: readonly string[],
  line?: object,
): Promise<Answer<void>> {
  const env = line && { AIDEPLOY_LINE: lineOf(line) };
  const { status, stderr, message } = await site.run(`${scripts}\\release.cmd`, args, { signal }, env);
  if (status === 'ok') return { value: undefined };
  const why = stderr.trim().split(/\r?\n/).at(-1) || message;
  return { obstacle: { why: `${folder}: ${why}`, next: 'run it as administrator' } };
}

/** Numbered files, of which the highest counts: a number is taken by whoever gives its file that name first. */
function leaseIn({ site, folder }: Place, ask: Ask): Pick<Store, 'lease' | 'exchange'> {
  const highest = async () =>
    Math.max(0, ...(await site.list(`${folder}\\lease`)).filter(name => /^\d+$/.test(name)).map(Number));
  const at = async (number: number) =>
    objectIn((number === 0 ? undefined : await site.read(`${folder}\\lease\\${number}`)) ?? '');
  const leaseAt = async (number: number) => ((await at(number))?.['lease'] ?? undefined) as Lease | undefined;
  return {
    lease: async () => ({ value: await leaseAt(await highest()) }),
    async exchange(seen, next, signal) {
      const number = await highest();
      if (!isDeepStrictEqual(await leaseAt(number), seen)) return { value: false };
      const mark = randomUUID();
      const asked = await ask(signal, ['lease', String(number + 1), mark], { lease: next ?? null, mark });
      const now = await at(number + 1);
      // Without a file it was not another one who was first.
      if (asked.obstacle && !now) return asked;
      // Who looked long ago may get a number that was given up since.
      return { value: now?.['mark'] === mark && (await highest()) === number + 1 };
    },
  };
}
