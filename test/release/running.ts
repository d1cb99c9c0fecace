import { createHash } from 'node:crypto';
import { deploy } from '../../src/release/deploy.ts';
import { type DeployOptions, type Order, planDeploy } from '../../src/release/plan-deploy.ts';
import type { Migration } from '../../src/release/release.ts';
import { planRollback, type RollbackOptions, rollback } from '../../src/release/rollback.ts';
import type { Ending, Run, Verdict } from '../../src/release/run.ts';
import type { Memory } from './memory.ts';

/** Beats come soon, and a process that stands still for a moment loses nothing. */
export const QUICK = { beat: 20, holds: 1_000 };
const PASS: Verdict = { verdict: 'pass', summary: 'all probes passed', details: [] };

export interface Running {
  readonly said: string[];
  readonly mirrored: string[][];
  /** What `check` and `verify` say next; well where empty. */
  readonly errors: string[];
  readonly verdicts: Verdict[];
  readonly run: Run;
}

export function running(memory: Memory, signal = new AbortController().signal): Running {
  const [said, errors, verdicts, mirrored] = [
    [] as string[],
    [] as string[],
    [] as Verdict[],
    [] as string[][],
  ];
  const run: Run = {
    strategy: memory.strategy,
    by: 'somebody@here',
    signal,
    times: QUICK,
    patience: 0,
    told: { started: () => undefined, said: line => said.push(line), ended: () => undefined },
    hooks: {
      check: async () => errors,
      verify: async () => verdicts.shift() ?? PASS,
      mirror: async releases => void mirrored.push(releases.map(({ id, status }) => `${id} ${status}`)),
    },
  };
  return { said, errors, verdicts, mirrored, run };
}

export const hash = (texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex');

export const OPTIONS: DeployOptions = { verify: true, rollBack: true, recordOnly: false, keep: 5 };

export const orderOf = (tag: string, migration: Migration = 'none', migrations?: string): Order => ({
  tag,
  environment: null,
  files: [{ path: 'compose.yaml', content: `of ${tag}`, mode: 0o644 }],
  configuration: hash([tag]),
  migration,
  migrations,
  commit: null,
  hash,
});

export async function deploying(
  { run }: Running,
  order: Order | string,
  options: Partial<DeployOptions> = {},
): Promise<Ending> {
  const wanted = typeof order === 'string' ? orderOf(order) : order;
  const all = { ...OPTIONS, ...options };
  return deploy(run, wanted, all, await planDeploy(run, wanted, all));
}

export async function goingBack({ run }: Running, options: Partial<RollbackOptions> = {}): Promise<Ending> {
  const all = { to: undefined, database: undefined, acrossMigrations: false, verify: true, ...options };
  return rollback(run, all, await planRollback(run, all));
}
