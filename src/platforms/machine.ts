import type { Command } from '../exec/command.ts';
import { type Limits, type Outcome, run } from '../exec/run.ts';
import type { Obstacle } from './answer.ts';
import { sharing, sshCommand } from './ssh.ts';

/** Where commands run: here, or on a host by ssh. */
export interface Machine {
  /** Undefined for this machine. */
  readonly host: string | undefined;
  /** How a person is told where a command is to be typed. */
  readonly name: string;
  run(command: Command, limits?: Limits): Promise<Outcome>;
}

/** A connection holds ten sessions, and sshd refuses the eleventh: MaxSessions of sshd_config(5). */
const AT_ONCE = 4;
/** What ssh itself ends with; a command of the host may, too, but hardly one that is asked here. */
const SSH_FAILED = 255;

const local: Machine = { host: undefined, name: 'this machine', run };

export const machineOf = (host: string | undefined): Machine => (host === undefined ? local : remote(host));

interface Turns {
  free: number;
  /** Until then the first goes alone: it makes the connection that the others share. */
  connected: boolean;
  readonly waiting: Set<() => void>;
}

const turns = new Map<string, Turns>();

function remote(host: string): Machine {
  const own = turns.get(host) ?? { free: 1, connected: false, waiting: new Set() };
  turns.set(host, own);
  return {
    host,
    name: host,
    async run(wanted, limits) {
      const taken = await take(own, limits?.signal);
      try {
        const outcome = await run(sshCommand(host, wanted, sharing(host)), limits);
        if (!own.connected && outcome.status !== 'cancelled' && outcome.exitCode !== SSH_FAILED) {
          own.connected = true;
          for (let more = 1; more < AT_ONCE; more++) give(own);
        }
        return outcome;
      } finally {
        if (taken) give(own);
      }
    },
  };
}

/** Whether it has a turn; who is called off while it waits goes on without one, and finds out. */
async function take(own: Turns, signal: AbortSignal | undefined): Promise<boolean> {
  if (own.free > 0) {
    own.free -= 1;
    return true;
  }
  if (signal?.aborted) return false;
  return new Promise(resolve => {
    const mine = () => {
      signal?.removeEventListener('abort', off);
      resolve(true);
    };
    const off = () => {
      own.waiting.delete(mine);
      resolve(false);
    };
    own.waiting.add(mine);
    signal?.addEventListener('abort', off, { once: true });
  });
}

function give(own: Turns): void {
  const [next] = own.waiting;
  if (!next) own.free += 1;
  else {
    own.waiting.delete(next);
    next();
  }
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
