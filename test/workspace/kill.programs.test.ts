import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../src/workspace/apply.ts';
import { plan } from '../../src/workspace/plan.ts';
import { runs } from '../render/runs.ts';
import { listFiles, project, said } from './project.ts';
import { after, before, edits } from './scenario.ts';

let folder: string;
let writes: number;
/** The project before the render, and as a render that is left alone makes it. */
let untouched: Map<string, string>;
let finished: Map<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aideploy-kill-'));
  await build({
    entryPoints: [fileURLToPath(new URL('killed.ts', import.meta.url))],
    outfile: join(folder, 'killed.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function contents(root: string): Promise<Map<string, string>> {
  const paths = (await listFiles(root)).filter(path => !path.startsWith('.aideploy/tmp/'));
  return new Map(
    await Promise.all(paths.map(async path => [path, await readFile(join(root, path), 'utf8')] as const)),
  );
}

async function edited() {
  const each = await project();
  await each.render(before);
  for (const [path, content] of Object.entries(edits)) {
    await (content === null ? each.remove(path) : each.write(path, content));
  }
  return each;
}

const killed = (root: string, at: number | string) =>
  spawnSync(process.execPath, [join(folder, 'killed.mjs'), root, String(at)], { encoding: 'utf8' });

describe('a render killed at any write', () => {
  test('first: every kind of change happens', async () => {
    const { root } = await edited();
    untouched = await contents(root);
    const planned = await plan(root, after, { prune: true });
    expect(said(planned)).toBe(
      'contested: conflict, created: create, deep/down/updated: update, deleted: keep, foreign: foreign, ' +
        'merged: merge, mode.sh: update, old/pruned: prune, same: keep, updated: update',
    );
    const run = killed(root, 'never');
    expect(run.stderr).toBe('');
    writes = Number(run.stdout);
    finished = await contents(root);
    expect(writes).toBeGreaterThan(15);
  });

  test('leaves whole files, and the next render finishes it', async () => {
    const every = process.env['AIDEPLOY_DEEP'] === '1';
    const points = every
      ? Array.from({ length: writes }, (_, index) => index)
      : fc.sample(fc.integer({ min: 0, max: writes - 1 }), { ...runs(6), numRuns: 6 });
    for (const point of new Set(points)) {
      const { root } = await edited();
      expect(killed(root, point).signal, `killed before write ${point}`).toBe('SIGKILL');
      for (const [path, content] of await contents(root)) {
        const whole = [untouched.get(path), finished.get(path)].includes(content);
        expect(whole, `${path} after a kill before write ${point}`).toBe(true);
      }
      // A second kill, somewhere else, and then a run that ends.
      const half = await project();
      await cp(root, half.root, { recursive: true, force: true });
      killed(half.root, Math.floor(point / 2));
      for (const each of [root, half.root]) {
        await apply(each, await plan(each, after, { prune: true }));
        const result = await contents(each);
        expect([...result.keys()]).toEqual([...finished.keys()]);
        for (const [path, content] of result) {
          expect(
            content === finished.get(path),
            `${path} after a kill before write ${point} and a rerun`,
          ).toBe(true);
        }
        expect((await listFiles(each)).filter(path => path.startsWith('.aideploy/tmp/'))).toEqual([]);
      }
    }
  });
});

/** A tiny file system of its own, where this machine lets a process mount one. */
const mounts = spawnSync('unshare', ['-rm', 'true']).status === 0;

describe.skipIf(!mounts)('a file system that refuses', () => {
  const inside = (root: string, options: string) =>
    execFileSync(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        `cp -a "$1" "$1.copy" && mount -t tmpfs -o size=${options.includes('ro') ? '10m' : '280k'} none "$1" &&
         cp -a "$1.copy/." "$1" && ${options.includes('ro') ? 'mount -o remount,ro "$1" &&' : ''}
         "$2" "$3" "$1" never 2>&1 | grep -o "code: '.*'\\|Error: .*"; rm -rf "$1.out" && cp -a "$1" "$1.out"; rm -rf "$1.copy"`,
        'sh',
        root,
        process.execPath,
        join(folder, 'killed.mjs'),
      ],
      { encoding: 'utf8' },
    );

  test.each([
    ['rw', 'ENOSPC', 'the disk is full'],
    ['ro', 'EROFS', 'the file system is read-only'],
  ])('%s: is named, and nothing has changed', async (options, code, message) => {
    const { root } = await edited();
    try {
      const output = inside(root, options);
      expect(output).toContain(message);
      expect(output).toContain(`code: '${code}'`);
      expect(await contents(`${root}.out`)).toEqual(untouched);
    } finally {
      await rm(`${root}.out`, { recursive: true, force: true });
    }
  });
});
