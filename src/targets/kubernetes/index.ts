import { applyPatches } from '../patch.ts';
import type { Target } from '../target.ts';
import { baseArtifacts } from './base.ts';
import { overlayArtifacts } from './overlay.ts';
import { secretArtifacts } from './secrets.ts';

/** Whichever environment was chosen, the base and every overlay are written: they belong together. */
export const kubernetes: Target = {
  id: 'kubernetes',
  title: 'Kustomize base and an overlay for each environment in Kubernetes',
  applies: model => model.targets.kubernetes !== undefined,
  patchesItself: true,
  render: ({ base, environments }, engine) => [
    ...applyPatches(baseArtifacts(base, engine), base.patches),
    ...secretArtifacts([base, ...environments], engine),
    ...environments.flatMap(each => applyPatches(overlayArtifacts(base, each, engine), each.patches)),
  ],
};
