import type { Rule } from '../../rule.ts';
import { acmeBlocked } from './acme-blocked.ts';
import { backendOutlivesProxy } from './backend-outlives-proxy.ts';
import { backupElsewhere } from './backup-elsewhere.ts';
import { bodyLimits } from './body-limits.ts';
import { buildDiffers } from './build-differs.ts';
import { closedPortUsed } from './closed-port-used.ts';
import { commandMissesObject } from './command-misses-object.ts';
import { dbConnections } from './db-connections.ts';
import { devInProduction } from './dev-in-production.ts';
import { drainBelowRequest } from './drain-below-request.ts';
import { envDiffers } from './env-differs.ts';
import { envFileMode } from './env-file-mode.ts';
import { envMissing } from './env-missing.ts';
import { envUnread } from './env-unread.ts';
import { environmentsCollide } from './environments-collide.ts';
import { equalTimers } from './equal-timers.ts';
import { forwardedUntrusted } from './forwarded-untrusted.ts';
import { goRuntime } from './go-runtime.ts';
import { healthPathDiffers } from './health-path-differs.ts';
import { hostNotPrepared } from './host-not-prepared.ts';
import { hostUnresolvable } from './host-unresolvable.ts';
import { identityDiffers } from './identity-differs.ts';
import { idleRace } from './idle-race.ts';
import { imageDiffers } from './image-differs.ts';
import { internalPathPublic } from './internal-path-public.ts';
import { llmExceedsRequest } from './llm-exceeds-request.ts';
import { loadExceedsMemory } from './load-exceeds-memory.ts';
import { locationDiffers } from './location-differs.ts';
import { logPattern } from './log-pattern.ts';
import { logPlace } from './log-place.ts';
import { logUnrotated } from './log-unrotated.ts';
import { noBackup } from './no-backup.ts';
import { noEndpointDelay } from './no-endpoint-delay.ts';
import { noRollback } from './no-rollback.ts';
import { notMonitored } from './not-monitored.ts';
import { plaintextMismatch } from './plaintext-mismatch.ts';
import { portCollision } from './port-collision.ts';
import { portMismatch } from './port-mismatch.ts';
import { probeBelowCheck } from './probe-below-check.ts';
import { proxyBypassed } from './proxy-bypassed.ts';
import { readOnlyNoScratch } from './read-only-no-scratch.ts';
import { readinessBlind } from './readiness-blind.ts';
import { readinessOnProvider } from './readiness-on-provider.ts';
import { rollbackIgnoresSchema } from './rollback-ignores-schema.ts';
import { scrapeTarget } from './scrape-target.ts';
import { serviceOwnsBinary } from './service-owns-binary.ts';
import { startDiffers } from './start-differs.ts';
import { stopCutsDrain } from './stop-cuts-drain.ts';
import { streamOutlivesProxy } from './stream-outlives-proxy.ts';
import { traceNameShared } from './trace-name-shared.ts';
import { versions } from './versions.ts';
import { workers } from './workers.ts';

export const CROSS: readonly Rule[] = [
  acmeBlocked,
  backendOutlivesProxy,
  backupElsewhere,
  bodyLimits,
  buildDiffers,
  closedPortUsed,
  commandMissesObject,
  dbConnections,
  devInProduction,
  drainBelowRequest,
  envDiffers,
  envFileMode,
  envMissing,
  envUnread,
  environmentsCollide,
  equalTimers,
  forwardedUntrusted,
  goRuntime,
  healthPathDiffers,
  hostNotPrepared,
  hostUnresolvable,
  identityDiffers,
  idleRace,
  imageDiffers,
  internalPathPublic,
  llmExceedsRequest,
  loadExceedsMemory,
  locationDiffers,
  logPattern,
  logPlace,
  logUnrotated,
  noBackup,
  noEndpointDelay,
  noRollback,
  notMonitored,
  plaintextMismatch,
  portCollision,
  portMismatch,
  probeBelowCheck,
  proxyBypassed,
  readOnlyNoScratch,
  readinessBlind,
  readinessOnProvider,
  rollbackIgnoresSchema,
  scrapeTarget,
  serviceOwnsBinary,
  startDiffers,
  stopCutsDrain,
  streamOutlivesProxy,
  traceNameShared,
  versions,
  workers,
];
