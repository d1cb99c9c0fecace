import type { Skipped } from '../check/check.ts';
import type { Diagnostic } from '../check/run.ts';

/** What a check has to say, ready to be written in any format. */
export interface FindingsReport {
  readonly files: number;
  readonly findings: readonly Diagnostic[];
  readonly skipped: readonly Skipped[];
  /** The line of a file, for excerpts. */
  line(file: string, line: number): string | undefined;
  readonly version: string;
}

export interface Summary {
  readonly files: number;
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

export function summaryOf({ files, findings }: FindingsReport): Summary {
  const count = (severity: string) => findings.filter(each => each.severity === severity).length;
  return { files, error: count('error'), warning: count('warning'), info: count('info') };
}
