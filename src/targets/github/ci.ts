import type { ProjectModel } from '../../model/model.ts';
import type { Workflows } from '../../model/workflows.ts';
import { frame } from './frame.ts';
import { imageRows } from './images.ts';
import { foldersOf } from './toolchains.ts';

export const ciView = (model: ProjectModel, workflows: Workflows): object => ({
  ...frame(model, workflows),
  ...foldersOf(workflows.services),
  // A workflow that deploys the branch calls this one for each push to it.
  pushed: !workflows.names.some(name => name.startsWith('deploy-')),
  called: workflows.names.some(name => name !== 'ci'),
  images: model.base.targets.docker && imageRows(model.base, workflows.services),
});
