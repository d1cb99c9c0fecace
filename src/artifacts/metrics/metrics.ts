/** One series of a sample of metrics: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface Series {
  readonly name: string;
  readonly labels: readonly string[];
  readonly start: number;
}
