import type { Probe } from '../probe.ts';
import { instancesOf, onMachines } from '../systemd/machines.ts';
import { lookAtUnit, type Unit } from '../systemd/unit.ts';

export const systemdUnit: Probe<Unit> = {
  id: 'systemd-unit',
  title: 'systemd runs every unit, from boot on, and none fell over lately',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine, host }) =>
      instancesOf(host).flatMap(({ own: { service }, instance: { unit } }) => {
        const timer = service.schedule === undefined ? [] : [unit.replace(/service$/, 'timer')];
        const spec = (watched: string, job: boolean) => ({
          subject: watched,
          name: `${watched} ${job ? 'ended well' : 'runs'} on ${machine.name}`,
          data: { machine, unit: watched, job },
        });
        return [spec(unit, service.kind === 'job'), ...timer.map(each => spec(each, false))];
      }),
    ),
  observe: ({ data }, { signal }) => lookAtUnit(data, signal),
};
