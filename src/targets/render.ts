import type { Artifact } from '../artifacts/artifact.ts';
import type { ProjectModel } from '../model/model.ts';
import type { Engine } from '../render/engine.ts';
import { applyPatches } from './patch.ts';
import type { Target } from './target.ts';

/** Model → artifacts, sorted by path, with the file's own patches as the last word. */
export function renderArtifacts(model: ProjectModel, targets: readonly Target[], engine: Engine): Artifact[] {
  const artifacts = targets.flatMap(target => {
    const rendered = target.render(model, engine);
    return target.patchesItself ? rendered : applyPatches(rendered, model.patches);
  });
  return artifacts.sort((a, b) => (a.path < b.path ? -1 : 1));
}
