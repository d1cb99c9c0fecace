import { type Command, command } from '../../exec/command.ts';
import type { Limits } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';
import { type Machine, obstacleOf } from '../machine.ts';

/** What a program printed, where it succeeded. */
export async function ask(machine: Machine, asked: Command, limits: Limits): Promise<Answer<string>> {
  const outcome = await machine.run(asked, limits);
  const obstacle = obstacleOf(machine, asked.program, outcome);
  if (obstacle) return { obstacle };
  if (outcome.status === 'ok') return { value: outcome.stdout };
  const why = `${asked.program} on ${machine.name}: ${outcome.stderr.trim() || outcome.message}`;
  return { obstacle: { why, next: `run ${asked.program} there by hand` } };
}

export interface Listener {
  readonly address: string;
  /** Processes that hold it; none where this account may not see them. */
  readonly pids: readonly number[];
}

/** Who listens on a TCP port. */
export async function listenersOn(
  machine: Machine,
  port: number,
  limits: Limits,
): Promise<Answer<Listener[]>> {
  const { value, obstacle } = await ask(machine, command('ss', '-Hltnp', `sport = :${port}`), limits);
  if (obstacle) return { obstacle };
  const lines = value.split('\n').filter(line => line.trim() !== '');
  return {
    value: lines.map(line => ({
      address: line.trim().split(/\s+/)[3] ?? '',
      pids: [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid)),
    })),
  };
}

export interface FileSystem {
  readonly mount: string;
  readonly size: number;
  readonly free: number;
  /** Of blocks or of inodes, whichever is fuller. */
  readonly used: number;
}

/** The file systems below these folders; those that are not there are left out. */
export async function fileSystems(
  machine: Machine,
  folders: readonly string[],
  limits: Limits,
): Promise<Answer<FileSystem[]>> {
  const columns = 'target,size,avail,pcent,ipcent';
  const outcome = await machine.run(command('df', '-B1', `--output=${columns}`, '--', ...folders), limits);
  const obstacle = obstacleOf(machine, 'df', outcome);
  if (obstacle) return { obstacle };
  const found = outcome.stdout
    .split('\n')
    .slice(1)
    .flatMap(line => {
      const [, mount, size, free, blocks, inodes] =
        /^(.+?)\s+(\d+)\s+(\d+)\s+(\d+)%\s+(\d+|-)%?$/.exec(line.trim()) ?? [];
      if (mount === undefined) return [];
      const used = Math.max(Number(blocks), inodes === '-' ? 0 : Number(inodes)) / 100;
      return [{ mount, size: Number(size), free: Number(free), used }];
    });
  if (found.length === 0)
    return {
      obstacle: {
        why: `df on ${machine.name}: ${outcome.stderr.trim() || 'no file system'}`,
        next: 'run df there by hand',
      },
    };
  return { value: [...new Map(found.map(each => [each.mount, each])).values()] };
}
