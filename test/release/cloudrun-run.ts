/** What a run on the Cloud Run that stands in is made of, in the test's own process or in another one. */
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { deploy } from '../../src/release/deploy.ts';
import { planDeploy } from '../../src/release/plan-deploy.ts';
import type { StoredFile } from '../../src/release/release.ts';
import { planRollback, rollback } from '../../src/release/rollback.ts';
import type { Ending, Run, Verdict } from '../../src/release/run.ts';
import { makeWithPause } from '../../src/release/strategies/cloudrun/index.ts';
import type { Strategy } from '../../src/release/strategy.ts';
import { hash, OPTIONS, orderOf } from './running.ts';

export const modelOf = (configuration: string) =>
  buildModel(loadConfig('aideploy.yaml', Buffer.from(configuration)));

export async function strategyAt(root: string, configuration: string, images = {}): Promise<Strategy> {
  const model = modelOf(configuration);
  const surroundings = { model, root, hosts: [], images, build: 'build', commit: null, by: 'me' };
  const { value, obstacle } = await makeWithPause(surroundings, 0);
  if (obstacle) throw new Error(obstacle.why);
  return value;
}

export const COMMIT = '0123456789'.repeat(4);
const PASS: Verdict = { verdict: 'pass', summary: 'well', details: [] };
const runOf = (strategy: Strategy, signal: AbortSignal, verdicts: Verdict[]): Run => ({
  strategy,
  by: 'me',
  signal,
  // Each beat is a program of its own.
  times: { beat: 500, holds: 10_000 },
  patience: 0,
  told: { started: () => undefined, said: () => undefined, ended: () => undefined },
  hooks: {
    check: async () => [],
    verify: async () => verdicts.shift() ?? PASS,
    mirror: async () => undefined,
  },
});

export interface Order {
  readonly tag: string;
  readonly configuration: string;
  readonly files: readonly StoredFile[];
}

export async function deployOf(
  strategy: Strategy,
  { tag, configuration, files }: Order,
  signal: AbortSignal,
  verdicts: Verdict[] = [],
): Promise<Ending> {
  const run = runOf(strategy, signal, verdicts);
  const order = { ...orderOf(tag), files, commit: COMMIT, configuration: hash([configuration]) };
  return deploy(run, order, OPTIONS, await planDeploy(run, order, OPTIONS));
}

export async function rollbackOf(strategy: Strategy, signal: AbortSignal): Promise<Ending> {
  const run = runOf(strategy, signal, []);
  const options = { to: undefined, database: undefined, acrossMigrations: false, verify: true };
  return rollback(run, options, await planRollback(run, options));
}
