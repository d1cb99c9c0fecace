/** A Windows machine in memory, whose scripts keep the record as the rendered ones do; Wine runs the rendered ones. */
import { createHash } from 'node:crypto';
import { loadConfig } from '../../src/config/load.ts';
import type { Outcome } from '../../src/exec/run.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Site } from '../../src/platforms/windows/site.ts';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { project } from '../cli/run.ts';
import { memoryPlatform } from './memory.ts';
import { type Running, running } from './running.ts';

const CONFIGURATION = `
version: 1
name: agent
services:
  agent: {language: go, port: 8080, health: {live: /live, ready: /ready}}
targets:
  windows: {dir: 'D:\\agent'}
`;
export const DIR = 'D:\\agent';
export const signal = new AbortController().signal;
const SUM = createHash('sha256').update('program').digest('hex');

export interface Machine {
  readonly site: Site;
  readonly files: Map<string, string>;
  readonly ran: string[];
  /** Tags whose programs do not get ready. */
  readonly broken: Set<string>;
  /** What the scripts say of such a one and of the way back, where that is not "not ready". */
  told: readonly string[] | undefined;
  /** Whether the services run; a machine that was switched off in the middle says no. */
  up: boolean;
  /** What the next script says instead of doing anything. */
  refusal: string | undefined;
}

export const outcome = (exitCode: number, stdout = '', stderr = ''): Outcome => ({
  status: exitCode === 0 ? 'ok' : 'failed',
  exitCode,
  stdout,
  stderr,
  truncated: false,
  durationMs: 0,
  message: `it ended with exit code ${exitCode}`,
});

export function windowsMachine(): Machine {
  const files = new Map<string, string>();
  const record = (id: string) => `${DIR}\\releases\\${id}\\release.json`;
  const current = () => files.get(`${DIR}\\current.txt`)?.trim();
  const written = (id: string, change: object) => {
    const text = files.get(record(id));
    if (text !== undefined) files.set(record(id), JSON.stringify({ ...JSON.parse(text), ...change }));
  };
  const activate = (id: string) => {
    files.set(`${DIR}\\current.txt`, `${id}\r\n`);
    machine.up = !machine.broken.has(id);
    return machine.up;
  };
  const upgrade = (tag: string, line = '{}'): Outcome => {
    const former = current();
    if (former === tag && machine.up) return outcome(0, `agent ${tag} runs already\r\n`);
    const sequence = [...files.keys()].filter(name => name.endsWith('release.json')).length + 1;
    if (!files.has(record(tag))) {
      files.set(`${DIR}\\releases\\${tag}\\details.json`, `${line}\r\n`);
      const made = { id: tag, tag, sequence, previous: former ?? '', status: 'unverified' };
      files.set(record(tag), `${JSON.stringify(made)}\r\n`);
    }
    if (activate(tag)) {
      written(tag, { status: 'verified' });
      if (former !== undefined && former !== tag) written(former, { status: 'superseded' });
      return outcome(0, `agent ${tag} runs and is ready\r\n`);
    }
    written(tag, { status: 'failed' });
    const lines = machine.told ?? [`agent is not ready, see "${DIR}\\logs\\agent.log"`];
    if (former === undefined) return outcome(1, '', lines.join('\r\n'));
    activate(former);
    return outcome(1, '', [...lines, `${tag} failed; ${former} runs and is ready`, ''].join('\r\n'));
  };
  const release = ([verb, ...args]: readonly string[], line: string): Outcome => {
    const [first = '', second = ''] = args;
    if (verb === 'mark') written(first, { status: second });
    if (verb === 'activate') activate(first);
    if (verb === 'audit')
      files.set(`${DIR}\\history.jsonl`, `${files.get(`${DIR}\\history.jsonl`) ?? ''}${line}\n`);
    if (verb !== 'lease') return outcome(0);
    if (files.has(`${DIR}\\lease\\${first}`)) return outcome(3);
    files.set(`${DIR}\\lease\\${first}`, `${line}\r\n`);
    return outcome(0);
  };
  const run = (file: string, args: readonly string[], env: Readonly<Record<string, string>>): Outcome => {
    switch (file.split('\\').at(-1)) {
      case 'release.cmd':
        return release(args, env['AIDEPLOY_LINE'] ?? '');
      case 'service.cmd':
        return outcome(machine.up ? 0 : 1);
      case 'rollback.cmd':
        if (args[0] === current()) return outcome(1, '', `${args[0]} is what runs`);
        activate(args[0] ?? '');
        return outcome(0);
      default:
        return upgrade(args[1] ?? '', env['AIDEPLOY_LINE']);
    }
  };
  const machine: Machine = {
    files,
    ran: [],
    broken: new Set(),
    told: undefined,
    up: false,
    refusal: undefined,
    site: {
      read: async file => files.get(file),
      list: async folder => [
        ...new Set(
          [...files.keys()]
            .filter(name => name.startsWith(`${folder}\\`))
            .map(name => name.slice(folder.length + 1).split('\\')[0] ?? ''),
        ),
      ],
      run: async (file, args, _, env = {}) => {
        const name = file.split(/[\\/]/).at(-1) ?? '';
        if (name !== 'release.cmd')
          machine.ran.push([name, ...args.filter(word => !word.includes('/'))].join(' '));
        if (machine.refusal !== undefined && name !== 'release.cmd') return outcome(1, '', machine.refusal);
        return run(file, args, env);
      },
    },
  };
  return machine;
}

const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(CONFIGURATION)));
const program = 'server-windows-amd64.exe';

export async function surroundings() {
  const root = await project({
    [`build/${program}`]: 'program',
    'build/SHA256SUMS': `${SUM}  ${program}\n${SUM}  server-linux-amd64\n`,
  });
  return { model, root, hosts: [], images: {}, build: 'build', commit: null, by: 'me' };
}

export async function on({ site }: Pick<Machine, 'site'>): Promise<Running & { strategy: Strategy }> {
  const { value: strategy, obstacle } = await makeOn(site, await surroundings());
  if (obstacle) throw new Error(obstacle.why);
  const { run, ...rest } = running(memoryPlatform());
  return { ...rest, run: { ...run, strategy }, strategy };
}

export const statuses = async ({ store }: Strategy) =>
  ((await store.releases(signal)).value ?? []).map(({ id, status }) => `${id} ${status}`);
