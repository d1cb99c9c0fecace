import { type Command, command, shellLine } from '../exec/command.ts';
import { type Limits, type Outcome, run } from '../exec/run.ts';
import type { Obstacle } from './answer.ts';

/** Where commands run: here, or on a host by ssh. */
export interface Machine {
  /** Undefined for this machine. */
  readonly host: string | undefined;
  /** How a person is told where a command is to be typed. */
  readonly name: string;
  run(command: Command, limits?: Limits): Promise<Outcome>;
}

/** sshd refuses the eleventh connection that has not logged in yet: MaxStartups of sshd_config(5). */
const AT_ONCE = 4;
/** A connection that nothing comes back by is given up after half a minute; by itself TCP keeps it for hours. */
const ALIVE = ['-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3'];
/** What ssh itself ends with; a command of the host may, too, but hardly one that is asked here. */
const SSH_FAILED = 255;

const local: Machine = { host: undefined, name: 'this machine', run };

export const machineOf = (host: string | undefined): Machine => (host === undefined ? local : remote(host));

/** Never asks for a password or for a key to be believed: a probe has nobody to answer. */
export function sshCommand(host: string, { stdin, secrets, ...rest }: Command): Command {
  const options = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', ...ALIVE];
  return {
    ...command('ssh', ...options, '--', host, shellLine(rest)),
    ...(stdin !== undefined && { stdin }),
    ...(secrets && { secrets }),
  };
}

const turns = new Map<string, { free: number; readonly waiting: (() => void)[] }>();

function remote(host: string): Machine {
  return {
    host,
    name: host,
    async run(wanted, limits) {
      const turn = turns.get(host) ?? { free: AT_ONCE, waiting: [] };
      turns.set(host, turn);
      if (turn.free === 0) await new Promise<void>(resolve => turn.waiting.push(resolve));
      else turn.free -= 1;
      try {
        return await run(sshCommand(host, wanted), limits);
      } finally {
        const next = turn.waiting.shift();
        if (next) next();
        else turn.free += 1;
      }
    },
  };
}

/** Why a command could not be asked at all, and what to do; undefined where the program itself answered. */
export function obstacleOf(machine: Machine, program: string, outcome: Outcome): Obstacle | undefined {
  const { host, name } = machine;
  if (host !== undefined && outcome.status === 'missing')
    return { why: 'ssh is not installed here', next: 'install the OpenSSH client' };
  if (host !== undefined && outcome.exitCode === SSH_FAILED)
    return {
      why: `ssh ${host}: ${lastLine(outcome.stderr) || 'it ended without a word'}`,
      next: `make \`ssh ${host} true\` work without a password`,
      away: true,
    };
  if (outcome.status === 'missing' || outcome.exitCode === 127)
    return {
      why: `${program} is not installed on ${name}`,
      next: `run this where ${program} is, or name the host with --host`,
    };
  if (outcome.status === 'ok' || outcome.status === 'failed') return undefined;
  return { why: `${program} on ${name}: ${outcome.message}`, next: `run ${program} there by hand` };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
