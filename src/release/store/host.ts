import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { command } from '../../exec/command.ts';
import type { Answer } from '../../platforms/answer.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import type { Release } from '../release.ts';
import type { Lease, Store } from '../store.ts';
import { inOrder, objectIn, readRecord, recordText } from './record.ts';
import { ADD, AUDIT, EXCHANGE, FILES, LEASE, LIST, MARK, REMOVE } from './scripts.ts';
import { packTar, unpackTar } from './tar.ts';

/** Releases of years, with their files. */
const OUTPUT = 256 * 1024 * 1024;
const TIMEOUT = 120_000;

/**
 * The record in a folder of a host, as the host's own scripts keep it too: `<folder>/<id>/release.json` with `files/`
 * beside it, `history.jsonl`, and the lease in `.lease/`. `next` says what helps where the folder cannot be written.
 */
export function hostStore(machine: Machine, folder: string, next?: string): Store {
  const ask = asker(machine, folder, next ?? `look at ${folder} on ${machine.name}`);
  return {
    place: `${folder} on ${machine.name}`,
    async releases(signal) {
      const { value, obstacle } = await ask(LIST, [], signal);
      return obstacle ? { obstacle } : recordsIn(value);
    },
    async files(id, signal) {
      const { value, obstacle } = await ask(FILES, [id], signal);
      if (obstacle) return { obstacle };
      const files = value === '' ? [] : unpackTar(Buffer.from(value, 'base64'));
      if (!files) return torn(machine, `${folder}/${id}/files`);
      return {
        value: files
          .map(({ path, content, mode }) => ({
            path: path.replace(/^\.\//, ''),
            content: content.toString(),
            mode,
          }))
          .sort((a, b) => (a.path < b.path ? -1 : 1)),
      };
    },
    add: (release, files, signal) =>
      nothing(
        ask(ADD, [release.id], signal, [
          { path: 'release.json', content: recordText(release), mode: 0o644 },
          ...files.map(file => ({ ...file, path: `files/${file.path}` })),
        ]),
      ),
    mark: (id, status, signal) => nothing(ask(MARK, [id, status], signal)),
    remove: id => nothing(ask(REMOVE, [id])),
    audit: (line, signal) => nothing(ask(AUDIT, [], signal, `${JSON.stringify(line)}\n`)),
    ...leaseOf(ask),
  };
}

type Input = string | Parameters<typeof packTar>[0];
type Ask = (
  script: string,
  args: readonly string[],
  signal?: AbortSignal,
  stdin?: Input,
) => Promise<Answer<string>>;

const asker =
  (machine: Machine, folder: string, next: string): Ask =>
  async (script, args, signal, stdin) => {
    const input = typeof stdin === 'object' ? packTar(stdin) : stdin;
    const outcome = await machine.run(
      {
        ...command('sh', '-c', script, 'sh', folder, ...args),
        ...(input !== undefined && { stdin: input }),
      },
      { timeout: TIMEOUT, output: OUTPUT, ...(signal && { signal }) },
    );
    const obstacle = obstacleOf(machine, 'sh', outcome);
    if (obstacle) return { obstacle };
    if (outcome.status === 'ok') return { value: outcome.stdout };
    const said = outcome.stderr.trim().split('\n').at(-1) || outcome.message;
    return { obstacle: { why: `${folder} on ${machine.name}: ${said}`, next } };
  };

const nothing = async (answer: Promise<Answer<string>>): Promise<Answer<void>> => {
  const { obstacle } = await answer;
  return obstacle ? { obstacle } : { value: undefined };
};

const torn = (machine: Machine, what: string) => ({
  obstacle: {
    why: `${what} on ${machine.name} cannot be read to its end`,
    next: 'look at it, and choose another release',
  },
});

const recordsIn = (listed: string): Answer<readonly Release[]> =>
  inOrder(
    listed
      .split('\x1e')
      .slice(1)
      .map(part => {
        const end = part.indexOf('\n');
        const id = part.slice(0, end);
        return { id, release: readRecord(id, part.slice(end + 1)) };
      }),
  );

/** The number of a lease, and what it says; one that is torn says nothing. */
interface Numbered {
  readonly number: string;
  readonly lease: Lease | undefined;
}

function leaseOf(ask: Ask): Pick<Store, 'lease' | 'exchange'> {
  const look = async (signal: AbortSignal): Promise<Answer<Numbered>> => {
    const { value, obstacle } = await ask(LEASE, [], signal);
    if (obstacle) return { obstacle };
    const [number = '', content = ''] = value.split('\n', 2);
    return { value: { number: number || '0', lease: objectIn(content) as Lease | undefined } };
  };
  return {
    async lease(signal) {
      const { value, obstacle } = await look(signal);
      return obstacle ? { obstacle } : { value: value.lease };
    },
    async exchange(seen, next, signal) {
      const found = await look(signal);
      if (found.obstacle) return found;
      if (!isDeepStrictEqual(found.value.lease, seen)) return { value: false };
      const text = `${JSON.stringify(next ?? null)}\n`;
      const answer = await ask(EXCHANGE, [found.value.number, randomUUID()], signal, text);
      return answer.obstacle ? answer : { value: answer.value.trim() === 'yes' };
    },
  };
}
