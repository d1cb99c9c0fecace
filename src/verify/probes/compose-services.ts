import { type ComposeService, composeServices, composeSpec } from '../compose/project.ts';
import { lookAtServices } from '../compose/services.ts';
import type { Probe } from '../probe.ts';

export const composeServicesProbe: Probe<ComposeService> = {
  id: 'compose-services',
  title: 'every container of the project runs, is healthy, and was not restarted',
  plan: (deployment, flags) =>
    composeServices(deployment, flags).map(each =>
      composeSpec(each, `${each.service} of project ${each.project} runs`),
    ),
  observe: ({ data }, { signal }) => lookAtServices(data, signal),
};
