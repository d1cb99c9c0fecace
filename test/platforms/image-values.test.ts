/** Values of a rendered Dockerfile, read back by the programs of a container that was made from it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, Unrepresentable } from '../../src/render/engine.ts';
import { SEED } from '../render/runs.ts';
import { bases, buildImage, docker, engine } from './docker.ts';

const folders: string[] = [];
beforeAll(() => engine.up());
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** The same format as the real templates, with nothing in it but values. */
const VALUES = [
  'FROM {{base}}',
  'ENV FIRST=1{{#each env as |entry|}} \\',
  '    {{entry.name}}={{entry.value}}{{/each}}',
  'ENTRYPOINT {{json entrypoint}}',
  'CMD {{json args}}',
].join('\n');

const PRINT = ['printf', '%s\\0'];

describe('a value', () => {
  const numRuns = process.env['AIDEPLOY_DEEP'] ? 3_000 : 300;
  const awkward = fc.constantFrom(
    ...'$"\'\\ {}`#%&;()<>|*?[]!~=:\t\n\r@,-é日🚀\u2028\u0085\u0001'.split(/(?:)/u),
  );
  const value = fc.oneof(
    fc.string({ unit: awkward, maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const values = fc.sample(value, { seed: SEED, numRuns });

  it(`reaches the program as it was written, or is refused with a reason (seed ${SEED})`, async () => {
    const render = (await createEngine({ overrides: new Map([['docker/go.Dockerfile', VALUES]]) })).render;
    const dockerfile = (env: readonly string[], args: readonly string[], base: string) => {
      const named = env.map((text, index) => ({ name: `V${index}`, value: text }));
      return render('docker/go.Dockerfile', { base, env: named, entrypoint: PRINT, args });
    };
    const sayable = (attempt: () => unknown): boolean => {
      try {
        attempt();
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(Unrepresentable);
        expect((error as Unrepresentable).reason).not.toBe('');
        return false;
      }
    };
    const env = values.filter(text => sayable(() => dockerfile([text], [], bases.debian)));
    const args = values.filter(text => sayable(() => dockerfile([], [text], bases.debian)));
    expect(env.length).toBeGreaterThan(numRuns / 3);
    expect(args.length).toBeGreaterThan(numRuns / 2);

    const folder = await mkdtemp(join(tmpdir(), 'aideploy-values-'));
    folders.push(folder);
    await writeFile(join(folder, 'Dockerfile'), dockerfile(env, args, bases.debian));
    await buildImage({ context: folder, tag: 'test/values:buildah' });
    // The engine's own builder reads a Dockerfile by the parser that BuildKit has.
    await writeFile(join(folder, 'Dockerfile'), dockerfile(env, args, 'test/values:buildah'));
    await docker(['build', '--tag', 'test/values:docker', folder], { env: { DOCKER_BUILDKIT: '0' } });

    for (const image of ['test/values:buildah', 'test/values:docker']) {
      expect((await docker(['run', '--rm', image])).split('\0').slice(0, -1)).toEqual(args);
      const environ = await docker(['run', '--rm', '--entrypoint', 'cat', image, '/proc/self/environ']);
      const pairs = new Map(
        environ.split('\0').map(entry => [entry.split('=', 1)[0], entry.replace(/^[^=]*=/s, '')]),
      );
      expect(env.map((_, index) => pairs.get(`V${index}`))).toEqual(env);
    }
  });
});
