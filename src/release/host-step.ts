import type { Command } from '../exec/command.ts';
import type { Outcome } from '../exec/run.ts';
import { lastLines } from '../platforms/last-lines.ts';
import { type Machine, obstacleOf } from '../platforms/machine.ts';
import type { Control, StepEnd } from './strategy.ts';

/** A start may take minutes, and a migration hours. */
const LONGEST = 6 * 3_600_000;
/** What scripts of ours end with where another one is at work: sysexits.h. */
const TRY_AGAIN = 75;
const FULL = /No space left on device|Disk quota exceeded/;
const AWAY = /Cannot connect to the Docker daemon|error during connect|Failed to connect to bus/;

/** Runs a script of ours on a host. What it says last is why it failed, in one line. */
export async function runOnHost(
  machine: Machine,
  wanted: Command,
  { signal }: Control,
  note?: (outcome: Outcome) => string | undefined,
): Promise<StepEnd> {
  const outcome = await machine.run(wanted, { signal, timeout: LONGEST });
  if (outcome.status === 'ok') {
    const noted = note?.(outcome);
    return { status: 'done', ...(noted !== undefined && { note: noted }) };
  }
  const lines = outcome.stderr.split('\n').filter(line => line.trim() !== '');
  const said = lines.at(-1)?.replace(/^[\w.-]+\.sh: /, '') ?? outcome.message;
  const obstacle =
    obstacleOf(machine, wanted.program, outcome) ?? hindrance(machine, outcome, said, lines.join('\n'));
  if (obstacle) return { status: 'obstructed', obstacle };
  const where = machine.host === undefined ? '' : `${machine.host}: `;
  return { status: 'failed', cause: `${where}${said}`, details: lastLines(lines.slice(0, -1).join('\n')) };
}

function hindrance(machine: Machine, { exitCode }: Outcome, said: string, all: string) {
  const why = `${machine.name}: ${said}`;
  if (exitCode === TRY_AGAIN) return { why, next: 'wait until it is done' };
  const away = all.split('\n').find(line => AWAY.test(line));
  if (away !== undefined) return { why: `${machine.name}: ${away}`, next: 'start it there', away: true };
  const full = all.split('\n').find(line => FULL.test(line));
  if (full !== undefined) return { why: `${machine.name}: ${full}`, next: 'make room there: df -h, df -i' };
  return undefined;
}
