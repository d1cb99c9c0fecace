import { command } from '../../exec/command.ts';
import type { Machine } from '../../platforms/machine.ts';
import { ask, listenersOn } from '../../platforms/systemd/machine-facts.ts';
import { blocked } from '../asking.ts';
import { fail, failedToLook, type Observation, pass } from '../probe.ts';

export interface Port {
  readonly machine: Machine;
  readonly unit: string;
  readonly port: number;
}

export async function lookAtPorts({ machine, unit, port }: Port, signal: AbortSignal): Promise<Observation> {
  const expected = `${unit} to listen on ${port}`;
  const { value: listeners, obstacle } = await listenersOn(machine, port, { signal });
  if (obstacle) return blocked(obstacle, expected);
  if (listeners.length === 0)
    return fail({ observed: `nobody listens on ${port}`, expected, next: `journalctl -u ${unit} -n 50` });
  const pids = listeners.flatMap(each => each.pids);
  if (pids.length === 0)
    return failedToLook({
      observed: `somebody listens on ${port}, but this account may not see who`,
      expected,
      next: 'ask as root',
    });
  for (const pid of new Set(pids)) {
    const group = await ask(machine, command('cat', `/proc/${pid}/cgroup`), { signal });
    if (group.obstacle) return blocked(group.obstacle, expected);
    if (!group.value.includes(`/${unit}`)) {
      const name = await ask(machine, command('cat', `/proc/${pid}/comm`), { signal });
      const who = `process ${pid} (${name.value?.trim() || 'gone by now'})`;
      return fail({
        observed: `${who} listens on ${port}`,
        expected,
        next: `stop it, then systemctl restart ${unit}`,
      });
    }
  }
  const addresses = listeners.map(({ address }) => address).join(', ');
  return pass(`${unit} listens on ${addresses}`);
}
