import { parse } from 'yaml';

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly concurrency?: object;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly defaults?: { readonly run: { readonly 'working-directory'?: string } };
  readonly steps?: readonly Step[];
}

export const jobsOf = (workflow: string): Record<string, Job> =>
  (parse(workflow) as { jobs: Record<string, Job> }).jobs;

export const stepsOf = (workflow: string): Step[] =>
  Object.values(jobsOf(workflow)).flatMap(({ steps = [] }) => steps);
