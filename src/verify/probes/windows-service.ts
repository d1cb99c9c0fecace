import { isBuilt, servicesOf } from '../../model/model.ts';
import { machineOf } from '../../platforms/machine.ts';
import { ASKING } from '../asking.ts';
import type { Probe } from '../probe.ts';
import { lookAtService, type Unit } from '../windows/service.ts';

export const windowsService: Probe<Unit> = {
  id: 'windows-service',
  title: 'every Windows service, or task, runs and starts with the machine',
  plan: ({ model }, { platform, hosts }) => {
    if (platform !== 'windows' || !model?.targets.windows) return [];
    const folder = model.targets.windows.as === 'task' ? `\\${model.name}\\` : undefined;
    const machines = hosts.length > 0 ? hosts.map(machineOf) : [machineOf(undefined)];
    const units = servicesOf(model, 'windows').filter(service => isBuilt(service) && service.kind !== 'job');
    return machines.flatMap(machine =>
      units.map(({ unit: name }) => ({
        subject: machine.host === undefined ? name : `${machine.host}/${name}`,
        name: `${name} runs on ${machine.name}`,
        data: { machine, name, folder },
        timeout: ASKING,
      })),
    );
  },
  observe: ({ data }, { signal }) => lookAtService(data, signal),
};
