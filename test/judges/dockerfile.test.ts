/** Each Dockerfile that is rendered for a golden case, before two judges with all of their rules. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/render/engine.ts';
import { docker } from '../../src/targets/docker/index.ts';
import { FIXTURE_CASES, ownCases } from '../targets/cases.ts';
import { checkov, hadolint, need } from './judges.ts';

const engine = await createEngine();
const dockerfiles = [...FIXTURE_CASES, ...ownCases('docker')]
  .filter(({ model }) => docker.applies(model))
  .flatMap(({ name, model }) =>
    docker
      .render(model, engine)
      .filter(({ path }) => path.endsWith('Dockerfile'))
      .map(({ path, content }) => ({ path: `${name}/${path}`, content })),
  );

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-dockerfiles-'));
  for (const { path, content } of dockerfiles) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
});
afterAll(() => rm(dir, { recursive: true }));

describe.runIf(need('hadolint'))('hadolint', () => {
  it.each(dockerfiles)('finds nothing in $path', async ({ path }) => {
    expect(await hadolint(join(dir, path))).toEqual([]);
  });
});

describe.runIf(need('checkov'))('checkov', () => {
  it('finds nothing in any of them', { timeout: 180_000 }, async () => {
    expect(await checkov(dir, 'dockerfile')).toEqual([]);
  });
});
