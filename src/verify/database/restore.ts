import { command } from '../../exec/command.ts';
import type { Backup } from '../../model/backup.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import { blocked } from '../asking.ts';
import { fail, failedToLook, type Observation, pass } from '../probe.ts';

export interface Rehearsal {
  readonly machine: Machine;
  readonly backup: Backup;
}

/** A large database takes its time; the run's own deadline may be shorter. */
export const HOURS = 3_600_000;

const BUSY = 75;

export async function lookAtRestore(
  { machine, backup }: Rehearsal,
  signal: AbortSignal,
): Promise<Observation> {
  const script = `${backup.scripts}/rehearse.sh`;
  const expected = 'a restore of every row into a scratch database';
  const outcome = await machine.run(command(script), { signal, timeout: HOURS });
  const obstacle = obstacleOf(machine, script, outcome);
  if (obstacle) return blocked(obstacle, expected);
  const said = outcome.stderr.trim().split('\n').slice(-3).join(' / ');
  if (outcome.status === 'ok') return pass(said || 'the newest backup was restored and counted');
  const next = `${script} on ${machine.name} says more`;
  if (outcome.exitCode === BUSY || outcome.exitCode === 126)
    return failedToLook({ observed: said || outcome.message, expected, next });
  return fail({ observed: said || outcome.message, expected, next });
}
