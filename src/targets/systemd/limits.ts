import type { HostService } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { wholeSeconds } from '../../model/timing.ts';

const RESTART = 5;
const BURST = 5;
/** From systemd 254 on the pauses grow, to this many seconds. */
const LONGEST_RESTART = 60;
const STEPS = { since: 254, count: 4 };
/** Kernel memory is reclaimed from here on, before the limit ends the process. */
const HIGH_SHARE = 0.9;
const TASKS = 1_024;

/** How long, how often, how much: the numbers of a unit. */
export function limitsOf(model: Model, { service }: HostService): object {
  const { timing, capacity, kind } = service;
  const startup = wholeSeconds(timing.startup) / 1_000;
  const steps = (model.targets.systemd?.version ?? 0) >= STEPS.since ? STEPS.count : undefined;
  const pause = steps === undefined ? RESTART : LONGEST_RESTART;
  return {
    // A start that fails may take all the time it has: the limit must be in reach even so.
    startLimitInterval: `${BURST * (startup + pause) + 30}s`,
    startLimitBurst: BURST,
    restart: `${RESTART}s`,
    restartSteps: steps,
    longestRestart: `${LONGEST_RESTART}s`,
    startup: kind === 'job' ? 'infinity' : `${startup}s`,
    stop: seconds(wholeSeconds(stopOf(service))),
    memoryMax: capacity.memory.limit,
    memoryHigh: Math.floor(capacity.memory.limit * HIGH_SHARE),
    cpuQuota: Math.ceil(capacity.cpu.limit / 10),
    tasks: TASKS,
  };
}

/** A program that is told of the drain's delay waits for that long too, before it drains. */
export function stopOf({ timing, env, args, command = [] }: HostService['service']): number {
  const texts = [...Object.values(env), ...args, ...command];
  const delays = texts
    .flat()
    .some(piece => 'reference' in piece && piece.reference === 'timeouts.drainDelay');
  return delays ? timing.grace : timing.stop;
}
