import { command } from '../../exec/command.ts';
import { BACKUP_METRICS, type Backup } from '../../model/backup.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';

export interface Kept {
  readonly machine: Machine;
  readonly backup: Backup;
  /** Milliseconds. */
  readonly oldest: number;
}

const HOUR = 3_600_000;

export async function lookAtBackup(
  { machine, backup, oldest }: Kept,
  signal: AbortSignal,
): Promise<Observation> {
  const { state, unit, scripts, database } = backup;
  const file = `${state}/${unit}.prom`;
  const expected = `a good backup of ${database.name} from the last ${Math.round(oldest / HOUR)} hours`;
  const next = `${scripts}/backup.sh --reason manual, and journalctl -t ${unit}`;
  const outcome = await machine.run(command('cat', '--', file), { signal });
  const obstacle = obstacleOf(machine, 'cat', outcome);
  if (obstacle) return blocked(obstacle, expected);
  if (/Permission denied/.test(outcome.stderr))
    return blocked({ why: outcome.stderr.trim(), next: 'ask as root' }, expected);
  if (outcome.status !== 'ok')
    return fail({
      observed: `none was ever made: ${outcome.stderr.trim()}`,
      expected,
      next: `install.sh of deploy/backup, then ${next}`,
    });
  const number = (name: string) =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(outcome.stdout)?.[1]);
  const last = number(BACKUP_METRICS.lastSuccess);
  if (!(last > 0)) return fail({ observed: 'no run made a good backup yet', expected, next });
  const age = Date.now() - last * 1_000;
  const told = `the last good one is ${(age / HOUR).toFixed(1)} hours old`;
  if (age > oldest) return fail({ observed: told, expected, next });
  if (number(BACKUP_METRICS.succeeded) === 0)
    return fail({ observed: `${told}, but the last run failed`, expected, next });
  return pass(`${told}, ${number(BACKUP_METRICS.size)} bytes, ${number(BACKUP_METRICS.kept)} kept`);
}
