import {
  identify,
  isProven,
  lastVerifiedBefore,
  type Migration,
  type Release,
  type StoredFile,
} from './release.ts';
import {
  auditLine,
  type Run,
  recordStep,
  type Situation,
  situationOf,
  unanswered,
  verifiedStep,
  verifySteps,
} from './run.ts';
import type { Goal, Step } from './strategy.ts';

/** What is to be deployed. */
export interface Order {
  readonly tag: string;
  readonly environment: string | null;
  readonly files: readonly StoredFile[];
  /** SHA-256 of the resolved configuration. */
  readonly configuration: string;
  readonly migration: Migration;
  /** SHA-256 of the files of the migrations, where the configuration names them. */
  readonly migrations: string | undefined;
  readonly commit: string | null;
  readonly hash: (texts: readonly string[]) => string;
}

export interface DeployOptions {
  readonly verify: boolean;
  readonly rollBack: boolean;
  /** Another tool applies. */
  readonly recordOnly: boolean;
  /** How many releases the record keeps. */
  readonly keep: number;
}

/** The order may not be carried out as it is, and nothing was changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export interface DeployPlan {
  readonly goal: Goal;
  readonly situation: Situation;
  /** Before anything that serves is touched. */
  readonly preparing: readonly Step[];
  readonly applying: readonly Step[];
  /** Where it returns to by itself when it fails. */
  readonly back: Release | undefined;
}

/** All that will be done, in order; nothing is changed by asking. */
export async function planDeploy(run: Run, order: Order, options: DeployOptions): Promise<DeployPlan> {
  const situation = await situationOf(run);
  const { strategy, signal } = run;
  const content = await strategy.content(order.tag, order.files, signal);
  if (content.obstacle) throw unanswered(content.obstacle);
  const { images, checksums, secrets, files: made } = content.value;
  const files = [...order.files, ...made];
  const sums = Object.fromEntries(
    files.map(file => [file.path, order.hash([String(file.mode), file.content])]),
  );
  const whole = order.hash([JSON.stringify({ images, checksums, secrets, sums })]);
  const { id, known } = identify(situation.releases, order.tag, whole);
  const migration = migrationOf(order, situation);
  const release: Release = known ?? {
    version: 1,
    id,
    sequence: Math.max(0, ...situation.releases.map(({ sequence }) => sequence)) + 1,
    platform: strategy.platform,
    environment: order.environment,
    tag: order.tag,
    images,
    checksums,
    files: sums,
    secrets,
    configuration: order.configuration,
    content: whole,
    migration,
    ...(order.migrations !== undefined && { migrations: order.migrations }),
    commit: order.commit,
    at: new Date().toISOString(),
    by: run.by,
    previous: situation.standing.current ?? null,
    status: 'unverified',
  };
  const migrate = migration !== 'none' && (release.status === 'unverified' || release.status === 'failed');
  const goal: Goal = { release, files, migrate };
  const back = wayBack(situation, release, options);
  if (back && migrate) refuseOneWay(migration, back);
  return { goal, situation, back, ...stepsOf(run, situation, goal, options) };
}

/** Where nobody says it: no file of them has changed since a release that is known to have run its own. */
function migrationOf({ migration, migrations }: Order, { standing, releases }: Situation): Migration {
  const running = releases.find(release => release.id === standing.current && isProven(release));
  const proven = running ?? lastVerifiedBefore(releases, standing.current);
  const isSame = migrations !== undefined && proven?.migrations === migrations;
  return migration === 'unmarked' && isSame ? 'none' : migration;
}

/** Once such migrations ran, the release before may not work any more: then there is no way back, only forward. */
function refuseOneWay(migration: Migration, { id }: Release): void {
  if (migration === 'expand') return;
  const why =
    migration === 'contract'
      ? `its migrations are marked contract: ${id} would not work after them, so it could not be returned to`
      : `it runs migrations, and nothing says whether ${id} still works after them`;
  const expand =
    migration === 'contract' ? '' : '--migration expand (it does: rolling back stays possible), or ';
  throw new Refusal(
    `nothing was changed: ${why}; say ${expand}--no-rollback (there is only a way forward, and a backup is taken first)`,
  );
}

function wayBack({ standing, releases }: Situation, { id }: Release, options: DeployOptions) {
  if (!options.rollBack || options.recordOnly) return undefined;
  const running = releases.find(release => release.id === standing.current && release.id !== id);
  if (running && isProven(running)) return running;
  return lastVerifiedBefore(releases, releases.some(release => release.id === id) ? id : standing.current);
}

function stepsOf(
  run: Run,
  situation: Situation,
  goal: Goal,
  options: DeployOptions,
): Pick<DeployPlan, 'preparing' | 'applying'> {
  const { strategy } = run;
  const { release, files } = goal;
  const { store } = strategy;
  const backup = goal.migrate ? strategy.backup(goal) : undefined;
  const added = recordStep(`record ${release.id} in ${store.place}`, signal =>
    store.add(release, files, signal),
  );
  const unverified = recordStep(`record ${release.id} as deployed, not verified`, signal =>
    store.audit(auditLine(run, 'deploy', release.id, 'unverified'), signal),
  );
  return {
    preparing: [added, ...(backup ? [backup] : [])],
    applying: [
      ...(options.recordOnly ? (strategy.await?.(goal) ?? []) : strategy.deploy(goal, situation.standing)),
      ...(options.verify
        ? [...verifySteps(run, goal), verifiedStep(run, situation, goal, 'deploy')]
        : [unverified]),
      ...forgetSteps(run, situation, goal, options),
    ],
  };
}

/** No more releases than are wanted, and never one that may be returned to. */
function forgetSteps(
  { strategy }: Run,
  { releases, standing }: Situation,
  { release }: Goal,
  options: DeployOptions,
) {
  const others = releases.filter(({ id }) => id !== release.id).sort((a, b) => b.sequence - a.sequence);
  const back = lastVerifiedBefore([...releases.filter(({ id }) => id !== release.id), release], release.id);
  const old = others.slice(Math.max(0, options.keep - 1));
  return old
    .filter(({ id }) => id !== standing.current && id !== back?.id)
    .flatMap((former): Step[] => {
      const gone = strategy.forget(former);
      const record = recordStep(`forget ${former.id}`, signal => strategy.store.remove(former.id, signal));
      return [...(gone ? [gone] : []), record];
    });
}
