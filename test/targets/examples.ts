/** The examples are golden cases too: all that is rendered for one is committed beside its aideploy.yaml. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectModel } from '../../src/model/model.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { renderArtifacts } from '../../src/targets/render.ts';
import { apply } from '../../src/workspace/apply.ts';
import { type Plan, plan } from '../../src/workspace/plan.ts';
import { filesBelow } from './expected.ts';

export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const TEST_TARGETS = fileURLToPath(new URL('.', import.meta.url));

export const EXAMPLE_NAMES: readonly string[] = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name);

const engine = await createEngine();

/** What `render` would do to an example. */
export async function renderingOf(name: string, model: ProjectModel, force = false): Promise<Plan> {
  const targets = TARGETS.filter(target => target.applies(model));
  return plan(join(EXAMPLES, name), renderArtifacts(model, targets, engine), {
    force,
    prune: force,
    targets: TARGETS.map(({ id }) => id),
  });
}

/** What `render --force --prune` does. */
export const renderExample = async (name: string, model: ProjectModel): Promise<void> =>
  apply(join(EXAMPLES, name), await renderingOf(name, model, true));

/** Every golden file of a target, of its own cases and of the examples, by its full path. */
export function goldenFiles(target: string): string[] {
  const own = readdirSync(join(TEST_TARGETS, target), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name }) => filesBelow(join(TEST_TARGETS, target, name, 'expected')));
  return [...own, ...EXAMPLE_NAMES.flatMap(name => filesOfExample(name, target))];
}

function filesOfExample(name: string, target: string): string[] {
  const manifest = JSON.parse(readFileSync(join(EXAMPLES, name, '.aideploy/manifest.json'), 'utf8')) as {
    files: Record<string, { target: string }>;
  };
  return Object.entries(manifest.files)
    .filter(([, entry]) => entry.target === target)
    .map(([path]) => join(EXAMPLES, name, path));
}
