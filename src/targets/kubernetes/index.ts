import { inCluster, overlaysOf } from '../../model/cluster.ts';
import { applyPatches } from '../patch.ts';
import type { Target } from '../target.ts';
import { baseArtifacts } from './base.ts';
import { overlayArtifacts } from './overlay.ts';
import { secretArtifacts } from './secrets.ts';

/** Whichever environment was chosen, the base and every overlay are written: they belong together. */
export const kubernetes: Target = {
  id: 'kubernetes',
  title: 'Kustomize base and an overlay for each environment in Kubernetes',
  applies: ({ base, environments }) => [base, ...environments].some(inCluster),
  patchesItself: true,
  render: (model, engine) => {
    const environments = overlaysOf(model);
    return [
      ...applyPatches(baseArtifacts(model.base, engine), model.base.patches),
      ...secretArtifacts([model.base, ...environments], engine),
      ...environments.flatMap(each => applyPatches(overlayArtifacts(model.base, each, engine), each.patches)),
    ];
  },
};
