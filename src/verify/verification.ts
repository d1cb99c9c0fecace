/** What a verification found: plain data, which every report writes down in its own way. */
export interface Verification {
  /** What was verified: the address, or the name of the deployment. */
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  /** It was interrupted, so some probes never ended. */
  readonly interrupted: boolean;
  readonly probes: readonly ProbeResult[];
}

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/**
 * `fail`: looked, and it is bad. `error`: could not look. `inconclusive`: looked, and cannot tell.
 * `skip`: there is nothing to look at.
 */
export type Status = 'pass' | 'fail' | 'skip' | 'error' | 'inconclusive';

export interface ProbeResult {
  /** Unique in a run: the probe, and behind a slash what it looked at, such as `ready/api`. */
  readonly id: string;
  /** The probe's own id, as `--only` names it. */
  readonly probe: string;
  readonly name: string;
  readonly status: Status;
  /** Milliseconds after the start of the run. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly attempts: number;
  /** Whole sentences: what was observed, what was expected, what to do next. */
  readonly message: string;
  readonly expected?: string;
  readonly observed?: string;
  readonly next?: string;
  readonly detail?: Detail;
}

/** Measurements behind an observation, for those who want to see more than a sentence. Times are milliseconds. */
export interface Detail {
  readonly latency?: LatencyDetail;
  readonly stream?: StreamDetail;
  readonly tls?: TlsDetail;
  /** Replicas, units, containers, revisions: what a platform says of each. */
  readonly rollout?: readonly RolloutRow[];
  /** How often each version answered. */
  readonly versions?: Readonly<Record<string, number>>;
  /** Where the time of one request went. */
  readonly phases?: Phases;
}

export interface LatencyDetail {
  readonly requests: number;
  readonly errors: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** The objective of p95, where there is one. */
  readonly objective?: number;
  /** Requests that took up to so long and longer than the bucket before. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
}

export interface StreamDetail {
  /** When each event came after the request was sent; the first 2,000. */
  readonly arrivals: readonly number[];
  readonly events: number;
  readonly heartbeats: number;
  readonly first: number | undefined;
  readonly largestGap: number;
  readonly duration: number;
}

export interface TlsDetail {
  readonly host: string;
  readonly protocol: string;
  readonly cipher: string;
  /** The server's own certificate first. */
  readonly chain: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly names: readonly string[];
    readonly from: string;
    readonly to: string;
  }[];
  readonly daysLeft: number;
}

export interface RolloutRow {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly good: boolean;
  /** Restarts, digests, reasons: what else is worth reading, one line each. */
  readonly notes?: readonly string[];
}

export interface Phases {
  readonly dns: number;
  readonly connect: number;
  readonly tls: number;
  readonly firstByte: number;
  readonly total: number;
}
