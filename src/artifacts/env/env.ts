/** One assignment of an env file, as docker reads it: the readers differ, and rules tell where. */
export interface EnvVariable {
  readonly name: string;
  /** Without the quotes around it; undefined where the name stands alone. */
  readonly value: string | undefined;
  /** What stands behind `=`, as written. */
  readonly raw: string;
  readonly quote: '"' | "'" | undefined;
  /** `export` before it. */
  readonly exported: boolean;
  readonly start: number;
  /** Where the raw value begins and ends. */
  readonly valueStart: number;
  readonly end: number;
}
