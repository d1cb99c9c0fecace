import type { Rule } from '../../rule.ts';
import { backupUnverified } from './backup-unverified.ts';
import { dbLogin } from './db-login.ts';
import { expansion } from './expansion.ts';
import { imperativeScale } from './imperative-scale.ts';
import { killByName } from './kill-by-name.ts';
import { noVerdict } from './no-verdict.ts';
import { notIdempotent } from './not-idempotent.ts';
import { pipeHidesFailure } from './pipe-hides-failure.ts';
import { providerCall } from './provider-call.ts';
import { replaceRunning } from './replace-running.ts';
import { restoreOverLive } from './restore-over-live.ts';
import { retentionNoFloor } from './retention-no-floor.ts';
import { rolloutNotAwaited } from './rollout-not-awaited.ts';
import { secretInArguments } from './secret-in-arguments.ts';
import { sourceNeverMade } from './source-never-made.ts';
import { unpinnedInstall } from './unpinned-install.ts';
import { unstampedBuild } from './unstamped-build.ts';

export const SCRIPT: readonly Rule[] = [
  backupUnverified,
  dbLogin,
  expansion,
  imperativeScale,
  killByName,
  noVerdict,
  notIdempotent,
  pipeHidesFailure,
  providerCall,
  replaceRunning,
  restoreOverLive,
  retentionNoFloor,
  rolloutNotAwaited,
  secretInArguments,
  sourceNeverMade,
  unpinnedInstall,
  unstampedBuild,
];
