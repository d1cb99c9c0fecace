/** Releases on a Windows machine whose scripts keep the record as the rendered ones do; Wine runs the rendered ones. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Outcome } from '../../src/exec/run.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Site } from '../../src/platforms/windows/site.ts';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { project } from '../cli/run.ts';
import { memoryPlatform } from './memory.ts';
import { deploying, goingBack, type Running, running } from './running.ts';
import { releaseOf } from './sample.ts';

const CONFIGURATION = `
version: 1
name: agent
services:
  agent: {language: go, port: 8080, health: {live: /live, ready: /ready}}
targets:
  windows: {dir: 'D:\\agent'}
`;
const DIR = 'D:\\agent';
const signal = new AbortController().signal;
const SUM = createHash('sha256').update('program').digest('hex');

interface Machine {
  readonly site: Site;
  readonly files: Map<string, string>;
  readonly ran: string[];
  /** Tags whose programs do not get ready. */
  readonly broken: Set<string>;
  /** Whether the services run; a machine that was switched off in the middle says no. */
  up: boolean;
  /** What the next script says instead of doing anything. */
  refusal: string | undefined;
}

const outcome = (exitCode: number, stdout = '', stderr = ''): Outcome => ({
  status: exitCode === 0 ? 'ok' : 'failed',
  exitCode,
  stdout,
  stderr,
  truncated: false,
  durationMs: 0,
  message: `it ended with exit code ${exitCode}`,
});

function windowsMachine(): Machine {
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
    const lines = [`agent is not ready, see "${DIR}\\logs\\agent.log"`];
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
const root = await project({
  [`build/${program}`]: 'program',
  'build/SHA256SUMS': `${SUM}  ${program}\n${SUM}  server-linux-amd64\n`,
});
const surroundings = { model, root, hosts: [], images: {}, build: 'build', commit: null, by: 'me' };

async function on(machine: Machine): Promise<Running & { strategy: Strategy }> {
  const { value: strategy, obstacle } = await makeOn(machine.site, surroundings);
  if (obstacle) throw new Error(obstacle.why);
  const { run, ...rest } = running(memoryPlatform());
  return { ...rest, run: { ...run, strategy }, strategy };
}

const statuses = async ({ store }: Strategy) =>
  ((await store.releases(signal)).value ?? []).map(({ id, status }) => `${id} ${status}`);

describe('a release on Windows', () => {
  it('v1 is installed, v2 is an upgrade, and v1 comes back by its own script', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: undefined, empty: true });
    expect(await deploying(agent, 'v1')).toMatchObject({ outcome: 'verified' });
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'verified' });
    expect(await goingBack(agent)).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(machine.ran).toEqual([
      'install.cmd --tag v1 --from',
      'upgrade.cmd --tag v2 --from',
      'rollback.cmd v1',
    ]);
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 superseded']);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: 'v1', empty: false });
    const history = machine.files.get(`${DIR}\\history.jsonl`)?.trim().split('\n') ?? [];
    expect(history.map(line => JSON.parse(line).action)).toEqual(['deploy', 'deploy', 'rollback']);
    expect((await agent.strategy.store.lease(signal)).value).toBeUndefined();
  });

  it('again, it is known by its content', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    expect(await deploying(agent, 'v1')).toMatchObject({ release: 'v1', outcome: 'verified' });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified']);
  });

  it('the same tag of something else is told, since a folder of programs never changes', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.files.set(`${DIR}\\releases\\v1\\details.json`, '{"content":"of something else"}');
    expect(await deploying(agent, 'v1')).toMatchObject({
      outcome: 'rolled-back',
      cause: 'v1 is there already, and was made of something else: give this one a tag of its own',
    });
    expect((await agent.strategy.inspect(signal)).value).toMatchObject({ current: 'v1' });
  });

  it('one that does not get ready: its own last words are the cause, and v1 runs', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.broken.add('v2');
    machine.files.set(`${DIR}\\logs\\agent.log`, 'starting\r\npanic: no such model\r\ngoroutine 1:\r\n');
    expect(await deploying(agent, 'v2')).toMatchObject({
      outcome: 'rolled-back',
      cause: 'agent is not ready: panic: no such model',
    });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 failed']);
    expect((await agent.strategy.inspect(signal)).value).toEqual({ current: 'v1', empty: false });
  });

  it('one that does not pass when it is verified is taken back', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    agent.verdicts.push({ verdict: 'fail', summary: 'smoke: 500', details: [] });
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'rolled-back', cause: 'smoke: 500' });
    expect(machine.ran.at(-1)).toBe('rollback.cmd v1');
    expect(await statuses(agent.strategy)).toEqual(['v1 verified', 'v2 failed']);
  });

  it.each([
    'run this as administrator',
    'tar.exe is not on PATH: it is part of Windows 10',
    'nssm.exe 2.24 or later is needed, beside this file',
  ])('a machine that is not prepared spoils no release: %s', async refusal => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    machine.refusal = refusal;
    expect(await deploying(agent, 'v2')).toMatchObject({ unanswered: true, cause: refusal });
    expect(await statuses(agent.strategy)).toEqual(['v1 verified']);
    machine.refusal = undefined;
    expect(await deploying(agent, 'v2')).toMatchObject({ outcome: 'verified' });
  });

  it('going back that ended between the switch and the start is finished', async () => {
    const machine = windowsMachine();
    const agent = await on(machine);
    await deploying(agent, 'v1');
    await deploying(agent, 'v2');
    machine.files.set(`${DIR}\\current.txt`, 'v1\r\n');
    machine.up = false;
    expect(await goingBack(agent, { to: 'v1' })).toMatchObject({ outcome: 'verified' });
    expect(machine.up).toBe(true);
    expect(machine.ran.at(-1)).toBe('service.cmd running');
  });
});

describe('the record', () => {
  it('of scripts that a person ran has the shape of ours, and one that is torn is left out', async () => {
    const machine = windowsMachine();
    const byHand = ['{', '  "version": 1,', '  "id": "1.0",', '  "tag": "1.0",', '  "sequence": 1,'];
    const text = [
      ...byHand,
      '  "at": "2026-01-01T00:00:00Z",',
      '  "by": "a@B",',
      '  "previous": "",',
      '  "status": "verified"',
      '}',
    ];
    machine.files.set(`${DIR}\\releases\\1.0\\release.json`, text.join('\r\n'));
    machine.files.set(`${DIR}\\releases\\1.1\\release.json`, byHand.join('\r\n'));
    machine.files.set(`${DIR}\\current.txt`, '1.0\r\n');
    const { strategy } = await on(machine);
    expect((await strategy.store.releases(signal)).value).toEqual([
      {
        ...releaseOf('1.0', { platform: 'windows', configuration: '', content: '' }),
        at: '2026-01-01T00:00:00Z',
        by: 'a@B',
        status: 'verified',
      },
    ]);
    expect((await strategy.inspect(signal)).value).toEqual({ current: '1.0', empty: false });
  });

  it('has a lease that one of two gets', async () => {
    const { strategy } = await on(windowsMachine());
    const { store } = strategy;
    const lease = (token: string) => ({
      token,
      owner: 'Zoë "%PATH%" & !x!',
      action: 'deploy',
      since: '',
      seconds: 1,
      beat: 0,
    });
    const both = await Promise.all(['a', 'b'].map(each => store.exchange(undefined, lease(each), signal)));
    expect(both.map(({ value }) => value)).toEqual([true, false]);
    expect((await store.lease(signal)).value).toEqual(lease('a'));
    expect((await store.exchange(lease('b'), undefined, signal)).value).toBe(false);
    expect((await store.exchange(lease('a'), undefined, signal)).value).toBe(true);
    expect((await store.lease(signal)).value).toBeUndefined();
  });
});

describe('from elsewhere', () => {
  it('says what to run there', async () => {
    const { obstacle } = await makeOn(undefined, { ...surroundings, hosts: ['me@box'] });
    expect(obstacle).toEqual({
      why: 'me@box is not a Windows machine that this runs on',
      next: expect.stringMatching(
        /scp -r deploy build me@box:agent[\s\S]*install\.cmd --tag TAG[\s\S]*rollback\.cmd/,
      ),
    });
  });

  it('needs a build of the tag', async () => {
    const { value } = await makeOn(windowsMachine().site, { ...surroundings, build: 'elsewhere' });
    expect((await value?.content('v1', [], signal))?.obstacle).toEqual({
      why: `${join(root, 'elsewhere', 'SHA256SUMS')} is missing`,
      next: 'build it: scripts/build.sh --tag v1',
    });
  });
});
