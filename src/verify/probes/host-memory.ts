import { command } from '../../exec/command.ts';
import type { Machine } from '../../platforms/machine.ts';
import { ask } from '../../platforms/systemd/machine-facts.ts';
import { blocked } from '../asking.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { onEveryMachine } from '../systemd/machines.ts';

interface Memory {
  readonly machine: Machine;
  readonly most: number;
}

export const hostMemory: Probe<Memory> = {
  id: 'host-memory',
  title: 'the machine has memory left',
  plan: (deployment, flags) =>
    onEveryMachine(deployment, flags, machine => [
      {
        name: `${machine.name} has memory left`,
        data: { machine, most: deployment.model?.observability.objectives?.memory ?? 1 },
      },
    ]),
  async observe({ data: { machine, most } }, { signal }) {
    const expected = `at most ${Math.round(most * 100)} % used`;
    const { value, obstacle } = await ask(machine, command('cat', '/proc/meminfo'), { signal });
    if (obstacle) return blocked(obstacle, expected);
    const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(value)?.[1]);
    const [total, available] = [kibibytes('MemTotal'), kibibytes('MemAvailable')];
    if (!(total > 0) || Number.isNaN(available))
      return blocked({ why: '/proc/meminfo says no MemAvailable', next: 'ask on a Linux host' }, expected);
    const used = 1 - available / total;
    const told = `${Math.round(used * 100)} % of ${(total / 2 ** 20).toFixed(1)} GiB used`;
    return used > most
      ? fail({ observed: told, expected, next: 'ps aux --sort=-rss | head shows who has it' })
      : pass(told);
  },
};
