import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import type { ProjectModel } from '../../src/model/model.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import type { Target } from '../../src/targets/target.ts';
import { type Case, FIXTURE_CASES, ownCases, TEST_TARGETS } from './cases.ts';
import { EXAMPLE_NAMES, EXAMPLES, renderExample, renderingOf } from './examples.ts';
import { filesOf, modesOf, readExpected, writeExpected } from './expected.ts';

/** `UPDATE_GOLDEN=1` writes what is rendered now as what is expected; the diff is then read by a person. */
const update = process.env['UPDATE_GOLDEN'] === '1';
const engine = await createEngine();

const render = (target: Target, model: ProjectModel): Artifact[] => renderArtifacts(model, [target], engine);

/** Examples hold what is rendered for them, and environments that render like the file itself would only repeat it. */
function chosenCases(target: Target): Case[] {
  const cases = [...FIXTURE_CASES, ...ownCases(target.id)].filter(({ model }) => target.applies(model));
  return cases.filter(({ name, model }) => {
    const [base, environment] = name.split('@');
    if (EXAMPLE_NAMES.includes(name)) return false;
    const plain = cases.find(each => each.name === base);
    return environment === undefined || !plain || !equal(render(target, model), render(target, plain.model));
  });
}

const equal = (a: readonly Artifact[], b: readonly Artifact[]) => JSON.stringify(a) === JSON.stringify(b);

describe.each(TARGETS)('$id', target => {
  const cases = chosenCases(target);
  const folder = join(TEST_TARGETS, target.id);

  test('has golden cases, and none that nothing renders', () => {
    expect(cases.length).toBeGreaterThan(0);
    const known = cases.map(each => each.name);
    const kept = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    const stale = kept
      .filter(entry => entry.isDirectory() && !known.includes(entry.name))
      .map(entry => entry.name);
    // A case that brings its own configuration is a person's work: it is told of, never deleted.
    const own = stale.filter(name => existsSync(join(folder, name, 'aideploy.yaml')));
    if (update)
      for (const name of stale) if (!own.includes(name)) rmSync(join(folder, name), { recursive: true });
    expect(update ? own : stale).toEqual([]);
  });

  test.each(cases)('$name', ({ name, model }) => {
    const artifacts = render(target, model);
    if (update) writeExpected(join(folder, name), artifacts);
    const expected = readExpected(join(folder, name));
    expect(filesOf(artifacts)).toEqual(expected.files);
    expect(modesOf(artifacts)).toBe(expected.modes);
    for (const artifact of artifacts) expect(artifact.target).toBe(target.id);
  });
});

describe('an example has all that is rendered for it, as it is rendered', () => {
  test.each(FIXTURE_CASES.filter(({ name }) => EXAMPLE_NAMES.includes(name)))(
    '$name',
    async ({ name, model }) => {
      if (update) await renderExample(name, model);
      const { changes, drift } = await renderingOf(name, model);
      expect(
        changes.filter(({ action }) => action !== 'keep').map(({ action, path }) => `${action} ${path}`),
      ).toEqual([]);
      expect(drift).toBe(false);
      const kept = changes.map(({ path }) => path);
      const targets = TARGETS.filter(target => target.applies(model));
      for (const { path, content, mode = 0o644 } of renderArtifacts(model, targets, engine)) {
        expect(kept).toContain(path);
        // A hand edit would be kept by `render`, and is none of an example's.
        expect(readFileSync(join(EXAMPLES, name, path), 'utf8'), path).toBe(content);
        expect(statSync(join(EXAMPLES, name, path)).mode & 0o100, path).toBe(mode & 0o100);
      }
    },
  );
});
