import type { Probe } from '../probe.ts';
import { onMachines } from '../systemd/machines.ts';
import { type Files, lookAtModes } from '../systemd/modes.ts';

export const hostFiles: Probe<Files> = {
  id: 'host-files',
  title: 'secrets are readable by root alone, and programs changeable by nobody else',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine, host }) => {
      const files = deployment.model?.targets.systemd?.credentials === 'files';
      const secret = [
        ...host.services.map(({ environmentFile }) => environmentFile),
        ...(files ? [host.credentials] : []),
      ];
      return [
        {
          name: `files on ${machine.name} are kept`,
          data: { machine, secret, fixed: [host.dir, host.releases, `${host.current}/`, host.config] },
        },
      ];
    }),
  observe: ({ data }, { signal }) => lookAtModes(data, signal),
};
