import { lookAtImages, type Wanted } from '../compose/images.ts';
import { composeServices, composeSpec, takesTag } from '../compose/project.ts';
import type { Probe } from '../probe.ts';

export const composeImages: Probe<Wanted> = {
  id: 'compose-images',
  title: 'containers run the image that their name means now, and all the same one',
  plan: (deployment, flags) =>
    composeServices(deployment, flags).map(each => ({
      ...composeSpec(each, `image of ${each.service}`),
      // Migrations ran once, of whichever release brought them.
      data: { ...each, tag: takesTag(each) && !each.task ? flags.expectVersion : undefined },
    })),
  observe: ({ data }, { signal }) => lookAtImages(data, signal),
};
