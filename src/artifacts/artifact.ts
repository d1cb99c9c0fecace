/**
 * One file that aideploy renders: a plain value, which the workspace compares with the project's
 * own copy and writes. `path` is relative to the project, with forward slashes on every platform.
 */
export interface Artifact {
  readonly path: string;
  readonly content: string;
  readonly target: string;
  /** Permission bits; 0o644 when absent. */
  readonly mode?: number;
}
