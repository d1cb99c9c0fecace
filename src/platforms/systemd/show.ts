import { command } from '../../exec/command.ts';
import type { Limits } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';
import { lastLines, QUOTED } from '../last-lines.ts';
import { type Machine, obstacleOf } from '../machine.ts';

export type Properties = Readonly<Record<string, string>>;

/** Properties of a unit as systemd itself has them; those of one that is not there say so. */
export async function showUnit(
  machine: Machine,
  unit: string,
  names: readonly string[],
  limits: Limits,
): Promise<Answer<Properties>> {
  const asked = command('systemctl', 'show', '--no-pager', `--property=${names.join(',')}`, '--', unit);
  const outcome = await machine.run(asked, limits);
  const obstacle = obstacleOf(machine, 'systemctl', outcome);
  if (obstacle) return { obstacle };
  if (outcome.status !== 'ok')
    return {
      obstacle: {
        why: `systemctl on ${machine.name}: ${outcome.stderr.trim() || outcome.message}`,
        next: 'ask where systemd runs, or name the host with --host',
      },
    };
  return { value: propertiesIn(outcome.stdout) };
}

function propertiesIn(text: string): Properties {
  const lines = text.split('\n').map(line => /^(\w+)=(.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap(match => (match ? [[match[1], match[2]]] : [])));
}

/** What a unit said last: the reason of most failures. */
export async function lastWords(machine: Machine, unit: string, limits: Limits): Promise<string[]> {
  const asked = command(
    'journalctl',
    '--no-pager',
    '--quiet',
    '--output=cat',
    `--lines=${QUOTED}`,
    `--unit=${unit}`,
  );
  const { status, stdout } = await machine.run(asked, limits);
  return status === 'ok' ? lastLines(stdout) : [];
}
