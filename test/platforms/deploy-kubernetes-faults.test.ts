/**
 * Runs of `deploy` and `rollback` that are killed, and API servers that go away in the middle of them: the service
 * answers all along, the record is true, and the same command finishes the work. AIDEPLOY_DEEP tries every point.
 */

import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { project } from '../cli/run.ts';
import { cluster, kubectl, urlOf } from './cluster.ts';
import { engine } from './docker.ts';
import { ending, load, type Releases, releasesOf } from './kubernetes-releases.ts';

const DEEP = process.env['AIDEPLOY_DEEP'] !== undefined;

/** Happens to a run when it has printed a line that begins so, and this many milliseconds went by. */
interface Fault {
  readonly kind: 'killed' | 'API server gone';
  readonly after: string;
  readonly delay: number;
}

const killed = (after: string, delay = 0): Fault => ({ kind: 'killed', after, delay });
const gone = (after: string, delay = 0): Fault => ({ kind: 'API server gone', after, delay });

const DEPLOYING: readonly Fault[] = DEEP
  ? [
      ...[
        'kubernetes: ',
        'ok record v2',
        'ok ask',
        'ok apply',
        '   Deployment',
        'ok wait',
        'ok delete',
        'ok verify',
      ].flatMap(after => [killed(after), killed(after, 120), gone(after)]),
    ]
  : [killed('ok ask', 120), gone('   Deployment')];
const RETURNING: readonly Fault[] = DEEP
  ? [
      ...['kubernetes: ', 'ok apply', '   Deployment', 'ok wait', 'ok delete', 'ok verify'].flatMap(after => [
        killed(after),
        killed(after, 120),
        gone(after),
      ]),
    ]
  : [killed('   Deployment'), gone('ok apply')];

/** How long it stays away: shorter than a run waits for it. */
const ABSENCE = 6_000;
const table: string[] = [];
let chat: Releases;
let server: Awaited<ReturnType<typeof serverThatGoes>>;

beforeAll(async () => {
  await engine.up();
  await cluster.up();
  server = await serverThatGoes();
  chat = await releasesOf('faults');
  await chat.image('v1');
  await chat.image('v2');
  const first = await chat.deploy('v1');
  expect(first.code, first.stdout + first.stderr).toBe(0);
});

afterAll(() => {
  server.close();
  const lost = table.filter(line => line.endsWith('lost'));
  console.info(
    `${table.join('\n')}\nfaults tried ${table.length}, survived ${table.length - lost.length}, lost ${lost.length}`,
  );
});

describe('a run that does not come to its end', () => {
  const cases = [
    ...DEPLOYING.map(fault => ['deploy', fault] as const),
    ...RETURNING.map(fault => ['rollback', fault] as const),
  ].map(([way, fault]) => {
    const { kind, after, delay } = fault;
    return [`${way}, ${kind} ${delay} ms after "${after.trim()}"`, way, fault] as const;
  });
  it.each(cases)('%s', async (name, way, fault) => {
    const [before, goal] = way === 'deploy' ? ['v1', 'v2'] : ['v2', 'v1'];
    if (!(await chat.releases())[before ?? '']?.includes('current')) await bring(before ?? '');
    table.push(`${name}: lost`);
    const asked = load(`${await urlOf(chat.name, chat.name)}/live`);
    const args =
      way === 'deploy'
        ? await chat.deploying('v2')
        : ['rollback', 'kubernetes', '--to', 'v1', '--yes', ...(await chat.at())];
    const child = chat.start(args, { KUBECONFIG: server.kubeconfig });
    const { code, text } = await ending(child, fault.after, async () => {
      await sleep(fault.delay);
      if (fault.kind === 'killed') child.kill('SIGKILL');
      else await server.away(ABSENCE);
    });
    if (fault.kind === 'API server gone') expect(code, text).toBe(0);
    expect(['v1', 'v2']).toContain((await chat.answer()).version);
    if (code === 0) expect((await chat.answer()).version).toBe(goal);
    else if (way === 'deploy') expect((await chat.releases())['v2'] ?? 'none').not.toMatch(/failed/);

    await bring(goal ?? '');
    expect(await chat.answer()).toMatchObject({ version: goal });
    expect(await chat.releases()).toEqual(
      goal === 'v2'
        ? { v1: 'superseded', v2: 'verified, current' }
        : { v1: 'verified, current', v2: 'superseded' },
    );
    const { failures } = await asked.stop();
    expect(failures).toEqual([]);
    expect(await kubectl(['get', 'leases', ...chat.IN, '--output', 'name'])).toBe('');
    table[table.length - 1] = `${name}: survived`;
  });
});

/** The same command once more, or the one that leads back to where a case begins. */
async function bring(release: string): Promise<void> {
  const run = release === 'v2' ? await chat.deploy('v2') : await chat.rollback('--to', 'v1');
  expect(run.code, run.stdout + run.stderr).toBe(0);
}

it('two at once: one does it, the other is told who', async () => {
  await chat.image('v3');
  const [one, other] = await Promise.all([chat.deploy('v3'), chat.deploy('v3')]);
  const [done, refused] = one.code === 0 ? [one, other] : [other, one];
  expect(done.code, done.stdout + done.stderr).toBe(0);
  if (refused.code !== 0) expect(refused.stdout + refused.stderr).toMatch(/has the lock|at work|lock/);
  expect(await chat.answer()).toMatchObject({ version: 'v3' });
  expect((await chat.releases())['v3']).toBe('verified, current');
});

/** The cluster's API server, by way of one that goes and comes again. */
async function serverThatGoes() {
  const config = parse(await kubectl(['config', 'view', '--raw', '--output', 'yaml'])) as {
    clusters: { cluster: { server: string; 'tls-server-name'?: string } }[];
  };
  const [entry] = config.clusters;
  if (!entry) throw new Error('the kubeconfig names no cluster');
  const real = new URL(entry.cluster.server);
  const sockets = new Set<Socket>();
  let isThere = true;
  const proxy = createServer(socket => {
    if (!isThere) {
      socket.destroy();
      return;
    }
    const onward = connect(Number(real.port), real.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from) && to.destroy());
    }
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  entry.cluster.server = `https://127.0.0.1:${address.port}`;
  entry.cluster['tls-server-name'] = 'kubernetes';
  const kubeconfig = join(await project(), 'kubeconfig');
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 });
  return {
    kubeconfig,
    async away(milliseconds: number): Promise<void> {
      isThere = false;
      for (const socket of sockets) socket.destroy();
      await sleep(milliseconds);
      isThere = true;
    },
    close: () => proxy.close(),
  };
}
