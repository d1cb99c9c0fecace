import { command } from '../../exec/command.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import { showUnit } from '../../platforms/systemd/show.ts';
import { blocked } from '../asking.ts';
import { fail, failedToLook, type Observation, pass } from '../probe.ts';

export interface UnitFile {
  readonly machine: Machine;
  readonly path: string;
  readonly installed: string;
  readonly content: string;
}

export async function lookAtFiles(
  { machine, path, installed, content }: UnitFile,
  signal: AbortSignal,
): Promise<Observation> {
  const outcome = await machine.run(command('cat', '--', installed), { signal });
  const obstacle = obstacleOf(machine, 'cat', outcome);
  if (obstacle) return blocked(obstacle, `${installed} to be read`);
  const next = 'put it there with deploy.sh or install.sh, or render again where the host is right';
  if (outcome.status !== 'ok') {
    const why = { observed: `${installed}: ${outcome.stderr.trim()}`, expected: `the file ${path}`, next };
    return /No such file/i.test(outcome.stderr) ? fail(why) : failedToLook(why);
  }
  const line = firstDifference(content, outcome.stdout);
  if (line !== undefined)
    return fail({
      observed: `${installed} differs from line ${line.number} on: ${line.found}`,
      expected: `as rendered: ${line.wanted}`,
      next,
    });
  return read(machine, installed, signal);
}

/** A changed file that systemd has not read yet, or a drop-in that nobody rendered, is not what runs. */
async function read(machine: Machine, installed: string, signal: AbortSignal) {
  const unit = installed.split('/')[4]?.replace(/\.d$/, '').replace('@.', '@1.') ?? '';
  const shown = await showUnit(machine, unit, ['NeedDaemonReload', 'DropInPaths'], { signal });
  if (shown.obstacle) return blocked(shown.obstacle, `${unit} to be looked at`);
  const { NeedDaemonReload, DropInPaths = '' } = shown.value;
  if (NeedDaemonReload === 'yes')
    return fail({
      observed: `systemd has not read ${installed} since it was changed`,
      expected: 'units as the files say',
      next: `systemctl daemon-reload && systemctl restart ${unit}`,
    });
  const foreign = DropInPaths.split(' ').filter(each => each !== '' && !/\.d\/instance\.conf$/.test(each));
  if (foreign.length > 0)
    return fail({
      observed: `${unit} is also changed by ${foreign.join(', ')}`,
      expected: 'rendered files only',
      next: `move what they say to aideploy.yaml, then systemctl revert ${unit}`,
    });
  return pass(`${installed} is as rendered, and read`);
}

function firstDifference(wanted: string, found: string) {
  if (wanted === found) return undefined;
  const [one, other] = [wanted.split('\n'), found.split('\n')];
  const index = one.findIndex((line, i) => line !== other[i]);
  const at = index === -1 ? one.length : index;
  const shown = (lines: string[]) => lines[at]?.trim() || '(no line)';
  return { number: at + 1, wanted: shown(one), found: shown(other) };
}
