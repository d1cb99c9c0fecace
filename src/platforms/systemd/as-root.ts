import { command, shellLine } from '../../exec/command.ts';
import type { Answer } from '../answer.ts';
import { type Machine, obstacleOf } from '../machine.ts';

/** The same machine as root: by itself, or by sudo where that asks nobody. */
export async function asRoot(machine: Machine, signal: AbortSignal): Promise<Answer<Machine>> {
  const who = await machine.run(command('id', '-u'), { signal });
  const obstacle = obstacleOf(machine, 'id', who);
  if (obstacle) return { obstacle };
  if (who.stdout.trim() === '0') return { value: machine };
  const allowed = await machine.run(command('sudo', '-n', 'true'), { signal });
  if (allowed.status !== 'ok')
    return {
      obstacle: {
        why: `on ${machine.name} only root may switch releases, and sudo wants a password`,
        next: `log in as root${machine.host === undefined ? '' : ' (--host root@...)'}, or allow sudo without a password`,
      },
    };
  return {
    value: {
      ...machine,
      run: ({ program, args, env, ...rest }, limits) => {
        const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
        return machine.run(
          { ...rest, ...command('sudo', '-n', 'env', ...variables, program, ...args) },
          limits,
        );
      },
    },
  };
}

/** What a person would type to run it there. */
export const typed = ({ host }: Machine, wanted: ReturnType<typeof command>): string =>
  host === undefined ? `sudo ${shellLine(wanted)}` : shellLine(command('ssh', host, shellLine(wanted)));
