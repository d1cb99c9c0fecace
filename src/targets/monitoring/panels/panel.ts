export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  /** A line that is not to be passed. */
  readonly limit?: number;
  readonly description?: string;
}

/** Those that the reader chose. */
export const OWN = `service=~'$service'`;
