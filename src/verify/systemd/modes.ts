import { command } from '../../exec/command.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import { blocked } from '../asking.ts';
import { fail, failedToLook, type Observation, pass } from '../probe.ts';

export interface Files {
  readonly machine: Machine;
  /** Secrets: of root, and for nobody else. */
  readonly secret: readonly string[];
  /** Programs and settings: what the service runs it must not be able to change. */
  readonly fixed: readonly string[];
}

interface Found {
  readonly mode: number;
  readonly owner: string;
  readonly path: string;
}

const READ_BY_OTHERS = 0o077;

const WRITTEN_BY_OTHERS = 0o022;

export async function lookAtModes(
  { machine, secret, fixed }: Files,
  signal: AbortSignal,
): Promise<Observation> {
  const expected = 'files of root: secrets with mode 600, the rest writable by nobody else';
  const outcome = await machine.run(command('stat', '--format=%a %U %n', '--', ...secret, ...fixed), {
    signal,
  });
  const obstacle = obstacleOf(machine, 'stat', outcome);
  if (obstacle) return blocked(obstacle, expected);
  const why = outcome.stderr.trim().replaceAll('\n', ', ');
  if (/Permission denied/.test(why)) return failedToLook({ observed: why, expected, next: 'ask as root' });
  if (outcome.status !== 'ok')
    return fail({
      observed: why || outcome.message,
      expected,
      next: 'install.sh of deploy/systemd makes them',
    });
  const open = found(outcome.stdout).filter(
    ({ mode, owner, path }) =>
      owner !== 'root' || (mode & (secret.includes(path) ? READ_BY_OTHERS : WRITTEN_BY_OTHERS)) !== 0,
  );
  if (open.length === 0) return pass(`${secret.length + fixed.length} files and folders are kept`);
  const told = open.map(({ path, mode, owner }) => `${path} is ${mode.toString(8)} of ${owner}`).join(', ');
  return fail({ observed: told, expected, next: 'install.sh of deploy/systemd sets owner and mode again' });
}

const found = (text: string): Found[] =>
  text.split('\n').flatMap(line => {
    const [, mode, owner, path] = /^(\d+) (\S+) (.+)$/.exec(line) ?? [];
    return mode && owner && path ? [{ mode: Number.parseInt(mode, 8), owner, path }] : [];
  });
