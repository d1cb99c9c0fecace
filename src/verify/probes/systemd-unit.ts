import type { Probe } from '../probe.ts';
import { instancesOf, onMachines } from '../systemd/machines.ts';
import { lookAtUnit, type Unit } from '../systemd/unit.ts';

export const systemdUnit: Probe<Unit> = {
  id: 'systemd-unit',
  title: 'systemd runs every unit, from boot on, and had to restart none',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine, host }) =>
      instancesOf(host).map(({ own, instance: { unit } }) => {
        const job = own.service.kind === 'job';
        const watched = job && own.service.schedule !== undefined ? unit.replace(/service$/, 'timer') : unit;
        return {
          subject: watched,
          name: `${watched} runs on ${machine.name}`,
          data: { machine, unit: watched, job },
        };
      }),
    ),
  observe: ({ data }, { signal }) => lookAtUnit(data, signal),
};
