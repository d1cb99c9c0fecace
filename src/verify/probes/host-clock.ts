import { command } from '../../exec/command.ts';
import type { Machine } from '../../platforms/machine.ts';
import { ask } from '../../platforms/systemd/machine-facts.ts';
import { blocked } from '../asking.ts';
import { fail, type Probe, pass, undecided } from '../probe.ts';
import { onMachines } from '../systemd/machines.ts';

interface Clock {
  readonly machine: Machine;
}

/** Seconds after which tokens and signed requests are refused by the first that checks them. */
const MOST = 5;
const NEXT = 'timedatectl set-ntp true, with systemd-timesyncd or chrony installed';

export const hostClock: Probe<Clock> = {
  id: 'host-clock',
  title: 'the clock is right',
  plan: (deployment, flags) =>
    onMachines(deployment, flags, ({ machine }) => [
      { name: `the clock of ${machine.name} is right`, data: { machine } },
    ]),
  async observe({ data: { machine } }, { signal }) {
    const expected = `a clock within ${MOST} s`;
    const before = Date.now();
    const { value, obstacle } = await ask(machine, command('date', '+%s.%N'), { signal });
    if (obstacle) return blocked(obstacle, expected);
    // The answer was written at some moment between question and answer.
    const [earliest, latest] = [before / 1_000, Date.now() / 1_000];
    const away = Math.max(0, earliest - Number(value), Number(value) - latest);
    if (away > MOST)
      return fail({
        observed: `it differs from this machine's by ${away.toFixed(1)} s`,
        expected,
        next: NEXT,
      });
    const synchronized = await ask(
      machine,
      command('timedatectl', 'show', '--property=NTPSynchronized', '--value'),
      { signal },
    );
    if (synchronized.value?.trim() === 'yes') return pass('it is kept by NTP');
    return machine.host === undefined
      ? undecided({ observed: 'nothing keeps it right: NTP is not synchronized', expected, next: NEXT })
      : pass("it agrees with this machine's, though NTP does not keep it");
  },
};
