import type { ServiceConfig } from '../config/schema/config.ts';
import type { Timing } from './timing.ts';

const SECOND = 1_000;

/** How often and how patiently a platform asks; the times are milliseconds. */
export interface ProbeBudget {
  readonly path: string;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
}

export interface Health {
  readonly startup: ProbeBudget;
  readonly ready: ProbeBudget;
  readonly live: ProbeBudget;
  readonly deep: string | undefined;
  readonly command: readonly string[] | undefined;
}

/** Taken out of rotation after a quarter of a minute. */
export const READY = { period: 5 * SECOND, timeout: 3 * SECOND, failures: 3 };
/** Liveness is looser than readiness: a busy process is taken out of rotation long before it is killed. */
export const LIVE = { period: 10 * SECOND, timeout: 5 * SECOND, failures: 6 };
const STARTUP = { period: 5 * SECOND, timeout: 3 * SECOND };

/** Long enough for the whole start. */
export const startupBudget = ({ startup }: Pick<Timing, 'startup'>): Omit<ProbeBudget, 'path'> => ({
  ...STARTUP,
  failures: Math.max(3, Math.ceil(startup / STARTUP.period)),
});

export function healthOf(health: NonNullable<ServiceConfig['health']>, timing: Timing): Health {
  return {
    startup: { ...startupBudget(timing), path: health.startup ?? health.live },
    ready: { ...READY, path: health.ready },
    live: { ...LIVE, path: health.live },
    deep: health.deep,
    command: health.command,
  };
}
