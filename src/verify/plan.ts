import type { Deployment } from './deployment.ts';
import type { Flags, Probe, ProbeSpec } from './probe.ts';

/** A probe with one thing to look at. */
export interface Planned {
  readonly id: string;
  readonly probe: Probe;
  readonly spec: ProbeSpec;
}

export interface Choice {
  /** Ids of probes, or of one of their subjects such as `ready/api`; empty is all of them. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

export function plan(
  probes: readonly Probe[],
  deployment: Deployment,
  flags: Flags,
  choice: Choice,
): Planned[] {
  return probes
    .flatMap(probe =>
      probe.plan(deployment, flags).map(spec => ({
        id: spec.subject === undefined ? probe.id : `${probe.id}/${spec.subject}`,
        probe,
        spec:
          spec.once && flags.watching
            ? { ...spec, skip: 'it costs money or changes something, so it never runs while watching' }
            : spec,
      })),
    )
    .filter(({ id, probe }) => {
      const names = [id, probe.id];
      const chosen = choice.only.length === 0 || names.some(name => choice.only.includes(name));
      return chosen && !names.some(name => choice.skip.includes(name));
    });
}
