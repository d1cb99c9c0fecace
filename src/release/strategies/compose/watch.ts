import type { Container } from '../../../platforms/compose/containers.ts';

/** What has no health check is well when it has not ended for so long. Milliseconds. */
const CALM = 4_000;

/** What a step has seen of containers so far. */
export interface Watch {
  see(containers: readonly Container[]): void;
  /** Runs, and did not end since the step began; of a container that it made: ever. */
  isUsable(container: Container): boolean;
  isWell(container: Container): boolean;
}

/** Tells by looking again and again: the engine's clock need not agree with the one here, and either may be set. */
export function watch(): Watch {
  const restarts = new Map<string, number>();
  const starts = new Map<string, number>();
  const startOf = ({ id, startedAt }: Container) => `${id} ${startedAt}`;
  let begun = false;
  return {
    see(containers) {
      for (const each of containers) {
        if (!begun) restarts.set(each.id, each.restarts);
        if (!starts.has(startOf(each))) starts.set(startOf(each), performance.now());
      }
      begun = true;
    },
    isUsable: ({ id, state, health, restarts: now }) =>
      state === 'running' && health !== 'unhealthy' && now <= (restarts.get(id) ?? 0),
    isWell: each =>
      each.health === undefined
        ? performance.now() - (starts.get(startOf(each)) ?? performance.now()) > CALM
        : each.health === 'healthy',
  };
}
