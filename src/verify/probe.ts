import type { Deployment } from './deployment.ts';
import type { Detail, Status } from './verification.ts';

/**
 * One kind of look at a deployment. It plans what to look at and makes one attempt at a time;
 * waiting, retrying, concurrency and deadlines belong to the runner alone.
 */
export interface Probe<Data = unknown> {
  readonly id: string;
  /** What it proves, for --list-probes. */
  readonly title: string;
  /** Nothing where it has nothing to do with such a deployment; a spec with `skip` where somebody may miss it. */
  plan(deployment: Deployment, flags: Flags): readonly ProbeSpec<Data>[];
  /** Never throws for what it sees: whatever is thrown is a mistake of ours. */
  observe(spec: ProbeSpec<Data>, attempt: Attempt): Promise<Observation>;
}

export interface ProbeSpec<Data = unknown> {
  /** What of several it looks at, such as the service `api` in `ready/api`. */
  readonly subject?: string;
  readonly name: string;
  readonly data: Data;
  /** Milliseconds that one attempt may take; the flags' `timeout` where absent. */
  readonly timeout?: number;
  /** Costs money or changes something: attempted once a run, and never while watching. */
  readonly once?: true;
  /** Whether the service is there at all: while waiting, the others begin when all of these pass. */
  readonly gate?: true;
  /** Nothing to look at here, and why. */
  readonly skip?: string;
}

export interface Attempt {
  /** Aborted when the attempt is out of time or the run is interrupted. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly number: number;
}

/** What one attempt saw. Make it with `pass`, `fail`, `skip`, `failedToLook` or `undecided`. */
export interface Observation {
  readonly status: Status;
  readonly message: string;
  readonly expected?: string;
  readonly observed?: string;
  readonly next?: string;
  readonly detail?: Detail;
  /** Milliseconds before which asking again is pointless: the service is busy and says so. */
  readonly retryAfter?: number;
}

/** What the command line asked for, with the configuration's numbers where it said nothing. */
export interface Flags {
  readonly platform: Platform | undefined;
  /** Hosts of --host, as `user@host`. */
  readonly hosts: readonly string[];
  /** Milliseconds of one attempt. */
  readonly timeout: number;
  readonly samples: number;
  readonly concurrency: number;
  readonly expectVersion: string | undefined;
  readonly long: boolean;
  readonly drain: boolean;
  readonly rehearseRestore: boolean;
  readonly watching: boolean;
  /** Variables of this process: secrets of smokes, connections, kubeconfigs. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const PLATFORMS = ['cloudrun', 'compose', 'kubernetes', 'systemd', 'windows'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** A difference between what must be and what is, and what to do about it. */
export interface Difference {
  readonly expected: string;
  readonly observed: string;
  readonly next: string;
  readonly detail?: Detail;
  readonly retryAfter?: number;
}

export const pass = (message: string, detail?: Detail): Observation => ({
  status: 'pass',
  message,
  ...(detail && { detail }),
});

export const skip = (reason: string): Observation => ({ status: 'skip', message: reason });

/** Looked, and it is bad. */
export const fail = (difference: Difference): Observation => differing('fail', difference);

/** Could not look: a tool, an access or a secret is missing on this side. */
export const failedToLook = (difference: Difference): Observation => differing('error', difference);

/** Looked, and cannot tell: too few samples, too busy. */
export const undecided = (difference: Difference): Observation => differing('inconclusive', difference);

function differing(status: Status, difference: Difference): Observation {
  const { expected, observed, next } = difference;
  return { status, message: `${observed}; expected ${expected}. Next: ${next}.`, ...difference };
}
