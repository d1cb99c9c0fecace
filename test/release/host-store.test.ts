/** The record in a folder of a host, with the real shell of this one. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/platforms/answer.ts';
import { type Machine, machineOf } from '../../src/platforms/machine.ts';
import { hostStore } from '../../src/release/store/host.ts';
import { packTar, type TarFile, unpackTar } from '../../src/release/store/tar.ts';
import type { Lease, Store } from '../../src/release/store.ts';
import { project } from '../cli/run.ts';
import { SEED } from '../render/runs.ts';
import { releaseOf } from './sample.ts';

const never = new AbortController().signal;
const local = machineOf(undefined);

async function value<Value>(answer: Promise<Answer<Value>>): Promise<Value> {
  const { value: found, obstacle } = await answer;
  expect(obstacle).toBeUndefined();
  return found as Value;
}
const leaseOf = (token: string, beat = 0): Lease => ({
  token,
  owner: 'a@b',
  action: 'deploy v1',
  since: '2026-01-02T03:04:05Z',
  seconds: 20,
  beat,
});

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = join(await project(), 'it’s a "folder"', 'releases');
  store = hostStore(local, folder);
});

describe('releases', () => {
  const files = [
    { path: 'deploy/run.sh', content: '#!/bin/sh\necho "日本語" $HOME\n', mode: 0o755 },
    { path: 'settings/app.conf', content: 'a=1', mode: 0o640 },
    { path: `${'deep/'.repeat(60)}end.txt`, content: '', mode: 0o644 },
  ];

  it('are what was added, in the order of deploys', async () => {
    expect(await value(store.releases(never))).toEqual([]);
    const one = releaseOf('v1', { images: { api: 'r/i@sha256:1' }, files: { a: 'b' }, commit: 'abc' });
    const two = releaseOf('v1+2', { sequence: 2, previous: 'v1', by: 'o"dd, person\\@x' });
    await value(store.add(two, [], never));
    await value(store.add(one, files, never));
    expect(await value(store.releases(never))).toEqual([one, two]);
    expect(await value(store.files('v1', never))).toEqual(
      [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    );
    expect(await value(store.files('v1+2', never))).toEqual([]);
  });

  it('stay as they are when they are added again', async () => {
    await value(store.add(releaseOf('v1'), files, never));
    await value(store.add(releaseOf('v1', { content: 'other' }), [], never));
    expect(await value(store.releases(never))).toEqual([releaseOf('v1')]);
    expect(await value(store.files('v1', never))).toHaveLength(3);
  });

  it('change their status and nothing else, and can be given up', async () => {
    await value(store.add(releaseOf('v1'), files, never));
    await value(store.mark('v1', 'verified', never));
    await value(store.mark('v1', 'verified', never));
    expect(await value(store.releases(never))).toEqual([releaseOf('v1', { status: 'verified' })]);
    await value(store.remove('v1', never));
    await value(store.remove('v1', never));
    expect(readdirSync(folder)).toEqual([]);
    expect((await store.mark('v1', 'failed', never)).obstacle?.why).toMatch(/v1/);
  });

  it('are read where a script of the host wrote them', async () => {
    await mkdir(join(folder, 'v7'), { recursive: true });
    const record = { version: 1, id: 'v7', tag: 'v7', sequence: 3, previous: '', status: 'verified' };
    writeFileSync(join(folder, 'v7/release.json'), JSON.stringify(record, undefined, 2));
    expect(await value(store.releases(never))).toEqual([
      releaseOf('v7', {
        sequence: 3,
        platform: '',
        configuration: '',
        content: '',
        migration: 'unmarked',
        at: '',
        by: '',
        status: 'verified',
      }),
    ]);
  });

  it('that were torn are told, never fatal, and made good by adding them again', async () => {
    await value(store.add(releaseOf('v1', { status: 'verified' }), [], never));
    const two = releaseOf('v2', { sequence: 2 });
    await value(store.add(two, files, never));
    const whole = readFileSync(join(folder, 'v2/release.json'));
    for (const size of [0, 1, 40, whole.length - 3]) {
      writeFileSync(join(folder, 'v2/release.json'), whole);
      truncateSync(join(folder, 'v2/release.json'), size);
      await writeFile(join(folder, 'v2/program'), 'it runs');
      const answer = await store.releases(never);
      expect(answer.value?.map(({ id }) => id)).toEqual(['v1']);
      expect(answer.obstacle === undefined && answer.notes).toEqual([
        'the record of v2 is torn: it is left out',
      ]);
      expect((await store.mark('v2', 'failed', never)).obstacle?.why).toContain('torn');
      await value(store.add(two, files, never));
      expect(await value(store.releases(never))).toHaveLength(2);
      expect(await value(store.files('v2', never))).toHaveLength(3);
      expect(existsSync(join(folder, 'v2/program'))).toBe(true);
    }
  });

  it('are whole or not there, wherever an addition is cut off', async () => {
    // Every command of the script in turn is the last that runs.
    for (let last = 1; last <= 12; last++) {
      const place = join(folder, `at-${last}`);
      const cut: Machine = {
        ...local,
        run: (wanted, limits) => {
          const [flag = '', script = '', ...rest] = wanted.args;
          const cutOff = script.split('; ').slice(0, last).join('; ');
          return local.run({ ...wanted, args: [flag, cutOff, ...rest] }, limits);
        },
      };
      await hostStore(cut, place).add(releaseOf('v1'), files, never);
      const found = await value(hostStore(local, place).releases(never));
      if (found.length > 0) expect(await value(hostStore(local, place).files('v1', never))).toHaveLength(3);
      await value(hostStore(local, place).add(releaseOf('v1'), files, never));
      expect(await value(hostStore(local, place).releases(never))).toEqual([releaseOf('v1')]);
      expect(readdirSync(place)).toEqual(['v1']);
    }
  });
});

describe('the history', () => {
  it('has one line for each action, and none is joined to a torn one', async () => {
    const line = (release: string) => ({ at: 'now', by: 'me', action: 'deploy', release, outcome: 'done' });
    await value(store.audit(line('v1'), never));
    writeFileSync(join(folder, 'history.jsonl'), '{"at": "no', { flag: 'a' });
    await Promise.all(Array.from({ length: 8 }, (_, i) => value(store.audit(line(`v${i + 2}`), never))));
    const lines = readFileSync(join(folder, 'history.jsonl'), 'utf8').trim().split('\n');
    const whole = lines.filter(each => each.endsWith('}')).map(each => JSON.parse(each).release);
    expect(whole.sort()).toEqual(Array.from({ length: 9 }, (_, i) => `v${i + 1}`));
  });
});

describe('the lease', () => {
  it('goes from hand to hand in one step', async () => {
    const [a, b] = [leaseOf('a'), leaseOf('b')];
    expect(await value(store.lease(never))).toBeUndefined();
    expect(await value(store.exchange(b, a, never))).toBe(false);
    expect(await value(store.exchange(undefined, a, never))).toBe(true);
    expect(await value(store.exchange(undefined, b, never))).toBe(false);
    expect(await value(store.lease(never))).toEqual(a);
    expect(await value(store.exchange(a, leaseOf('a', 1), never))).toBe(true);
    expect(await value(store.exchange(a, undefined, never))).toBe(false);
    expect(await value(store.exchange(leaseOf('a', 1), undefined, never))).toBe(true);
    expect(await value(store.lease(never))).toBeUndefined();
    expect(await value(store.exchange(undefined, b, never))).toBe(true);
  });

  it('that was torn belongs to nobody', async () => {
    await value(store.exchange(undefined, leaseOf('a'), never));
    const [number = ''] = readdirSync(join(folder, '.lease'));
    truncateSync(join(folder, '.lease', number), 10);
    expect(await value(store.lease(never))).toBeUndefined();
    expect(await value(store.exchange(undefined, leaseOf('b'), never))).toBe(true);
  });

  it('is taken by one of many who saw the same, and no beat is lost', async () => {
    const runs = process.env['AIDEPLOY_DEEP'] ? 20 : 3;
    const several = fc.record({
      workers: fc.integer({ min: 2, max: 6 }),
      turns: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(several, async ({ workers, turns }) => {
        const place = join(await project(), 'releases');
        // Each command is a process of its own; the stores share nothing.
        const work = async (token: string) => {
          const own = hostStore(local, place);
          for (let done = 0; done < turns; ) {
            const seen = await value(own.lease(never));
            if (await value(own.exchange(seen, leaseOf(token, (seen?.beat ?? 0) + 1), never))) done++;
          }
        };
        await Promise.all(Array.from({ length: workers }, (_, i) => work(`w${i}`)));
        expect((await value(hostStore(local, place).lease(never)))?.beat).toBe(workers * turns);
        expect(readdirSync(join(place, '.lease')).length).toBeLessThan(25);
      }),
      { seed: SEED, numRuns: runs },
    );
  }, 120_000);
});

describe('a folder that cannot be used', () => {
  it('is an obstacle, with what helps', async () => {
    await writeFile(join(folder, '..', '..', 'file'), '');
    const answer = await hostStore(local, '/proc/none', 'make it').add(releaseOf('v1'), [], never);
    expect(answer.obstacle).toEqual({
      why: expect.stringMatching(/^\/proc\/none on this machine: mkdir: .*none/),
      next: 'make it',
    });
  });
});

describe('archives', () => {
  it('are read by tar, and tar’s are read', async () => {
    const place = await project();
    const path = fc.stringMatching(/^[a-zA-Z0-9é_.-]{1,60}$/).filter(name => !/^\.+$/.test(name));
    const file = fc.record({
      path: fc.array(path, { minLength: 1, maxLength: 5 }).map(steps => ['f', ...steps, 'end'].join('/')),
      content: fc.uint8Array({ maxLength: 2000 }).map(bytes => Buffer.from(bytes)),
      mode: fc.constantFrom(0o644, 0o600, 0o755),
    });
    const several = fc.uniqueArray(file, {
      maxLength: 6,
      selector: ({ path }) => path,
      comparator: (a, b) => a === b || a.startsWith(`${b.slice(0, -3)}`) || b.startsWith(`${a.slice(0, -3)}`),
    });
    let run = 0;
    fc.assert(
      fc.property(several, files => {
        const out = join(place, String(run++));
        execFileSync('mkdir', [out]);
        execFileSync('tar', ['-x', '-p', '-f', '-', '-C', out], { input: packTar(files) });
        const byPath = (list: readonly TarFile[]) => [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
        for (const format of ['gnu', 'ustar', 'pax']) {
          const archive = execFileSync('tar', ['-c', `--format=${format}`, '-C', out, '.']);
          const read = unpackTar(archive)?.map(each => ({ ...each, path: each.path.slice(2) }));
          expect(byPath(read ?? [])).toEqual(byPath(files));
        }
        expect(unpackTar(packTar(files).subarray(0, -1024))).toBeUndefined();
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
});
