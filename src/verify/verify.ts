import { type Choice, type Planned, plan } from './plan.ts';
import type { Flags, Probe } from './probe.ts';
import { type RunOptions, run, verdictOf } from './run.ts';
import type { Subject } from './subject.ts';
import type { ProbeResult, Verification } from './verification.ts';

export interface Limits extends Omit<RunOptions, 'deadline' | 'onStart' | 'onEnd'> {
  /** Milliseconds for all; what its probes may need, where absent. */
  readonly deadline: number | undefined;
}

/** Told what happens meanwhile, once for each group of probes. */
export type Watcher = (total: number) => Pick<RunOptions, 'onStart' | 'onEnd'> & { close(): void };

/** What a run gets beyond the time that its probes may take. */
const MARGIN = 5_000;

/** From what there is to look at to what was seen: one run. */
export async function verify(
  probes: readonly Probe[],
  { deployment, explored }: Subject,
  flags: Flags,
  choice: Choice,
  limits: Limits,
  watcher?: Watcher,
): Promise<Verification> {
  const startedAt = new Date();
  const started = performance.now();
  const perform = (planned: readonly Planned[]) => watched(planned, limits, watcher);
  // Of an address alone it is first found out what there is to look at.
  const first = await perform(
    plan(probes, deployment, flags, deployment.unexplored ? withDiscovery(choice) : choice),
  );
  const more = explored();
  const found = more ? plan(probes, more, flags, choice) : [];
  const second = await perform(found.filter(({ id }) => first.every(each => each.id !== id)));
  const results = [...first, ...shifted(second, first)];
  return {
    target: deployment.target,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    verdict: verdictOf(results),
    interrupted: limits.signal.aborted,
    probes: results,
  };
}

/** Whatever else is chosen, an address alone has to be explored first. */
const withDiscovery = ({ only, skip }: Choice): Choice => ({
  only: only.length > 0 ? [...only, DISCOVERY] : only,
  skip: skip.filter(id => id !== DISCOVERY),
});

const DISCOVERY = 'endpoints';

async function watched(
  planned: readonly Planned[],
  limits: Limits,
  watcher: Watcher | undefined,
): Promise<ProbeResult[]> {
  if (planned.length === 0) return [];
  const longest = Math.max(...planned.map(({ spec }) => spec.timeout ?? limits.timeout));
  const deadline = limits.deadline ?? limits.wait + 2 * longest + MARGIN;
  const { close, ...told } = watcher?.(planned.length) ?? { close: () => undefined };
  try {
    return await run(planned, { ...limits, deadline, ...told });
  } finally {
    close();
  }
}

/** Their clock began when the others had ended. */
function shifted(results: readonly ProbeResult[], before: readonly ProbeResult[]): ProbeResult[] {
  const offset = Math.max(0, ...before.map(({ startedMs, durationMs }) => startedMs + durationMs));
  return results.map(each => ({ ...each, startedMs: each.startedMs + offset }));
}
