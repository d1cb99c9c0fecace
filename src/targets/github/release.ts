import type { ProjectModel } from '../../model/model.ts';
import type { Workflows } from '../../model/workflows.ts';
import { frame } from './frame.ts';
import { imagesView } from './images.ts';

export const releaseView = (model: ProjectModel, workflows: Workflows): object => ({
  ...frame(model, workflows),
  ...imagesView(model.base, workflows, true),
});
