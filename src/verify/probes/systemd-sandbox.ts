import type { Probe } from '../probe.ts';
import { instancesOf, onMachines } from '../systemd/machines.ts';
import { lookAtSandbox, type Sandbox, settingsIn } from '../systemd/sandbox.ts';

export const systemdSandbox: Probe<Sandbox> = {
  id: 'systemd-sandbox',
  title: 'what runs is as shut in as its rendered unit says',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine, host }) =>
      instancesOf(host).map(({ instance: { unit } }) => {
        const path = `deploy/systemd/${unit.replace(/@\d+\./, '@.')}`;
        const rendered = deployment.artifacts.find(artifact => artifact.path === path);
        const wanted = settingsIn(rendered?.content ?? '');
        const skip = Object.keys(wanted).length > 0 ? {} : { skip: `${path} is not rendered` };
        return {
          subject: unit,
          name: `${unit} is shut in on ${machine.name}`,
          data: { machine, unit, wanted },
          ...skip,
        };
      }),
    ),
  observe: ({ data }, { signal }) => lookAtSandbox(data, signal),
};
