import { ASKING } from '../asking.ts';
import { lookAtDrift, type Project } from '../compose/drift.ts';
import { composeServices, takesTag } from '../compose/project.ts';
import type { Probe } from '../probe.ts';

export const composeDrift: Probe<Project> = {
  id: 'compose-drift',
  title: 'containers were made from the compose file that was rendered',
  plan: (deployment, flags) => {
    const services = composeServices(deployment, flags);
    const machines = [...new Set(services.map(({ machine }) => machine))];
    const rendered = Object.fromEntries(deployment.artifacts.map(({ path, content }) => [path, content]));
    return machines.map(machine => ({
      ...(machine.host !== undefined && { subject: machine.host }),
      name: `the project is as rendered`,
      data: {
        machine,
        project: services[0]?.project ?? '',
        rendered,
        tag: flags.expectVersion ?? flags.env['AIDEPLOY_TAG'],
        tagged: services.filter(takesTag).map(({ service }) => service),
        tasks: services.filter(({ task }) => task).map(({ service }) => service),
      },
      timeout: ASKING,
    }));
  },
  observe: ({ data }, { signal }) => lookAtDrift(data, signal),
};
