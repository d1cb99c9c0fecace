import type { Rule } from '../rule.ts';
import { capacity } from './cloudrun/capacity.ts';
import { floatingSecret } from './cloudrun/floating-secret.ts';
import { identity } from './cloudrun/identity.ts';
import { invalidCommand } from './cloudrun/invalid.ts';
import { onePort } from './cloudrun/one-port.ts';
import { publicService } from './cloudrun/public.ts';
import { straightToLive } from './cloudrun/straight-to-live.ts';
import { blankVariable } from './compose/blank-variable.ts';
import { storePublished } from './compose/store-published.ts';
import { weakHealth } from './compose/weak-health.ts';
import { privileges } from './container/privileges.ts';
import { state } from './container/state.ts';
import { toolMissing } from './container/tool-missing.ts';
import { job } from './cron/job.ts';
import { acmeBlocked } from './cross/acme-blocked.ts';
import { backendOutlivesProxy } from './cross/backend-outlives-proxy.ts';
import { backupElsewhere } from './cross/backup-elsewhere.ts';
import { bodyLimits } from './cross/body-limits.ts';
import { buildDiffers } from './cross/build-differs.ts';
import { closedPortUsed } from './cross/closed-port-used.ts';
import { commandMissesObject } from './cross/command-misses-object.ts';
import { dbConnections } from './cross/db-connections.ts';
import { devInProduction } from './cross/dev-in-production.ts';
import { drainBelowRequest } from './cross/drain-below-request.ts';
import { envDiffers } from './cross/env-differs.ts';
import { envFileMode } from './cross/env-file-mode.ts';
import { envMissing } from './cross/env-missing.ts';
import { envUnread } from './cross/env-unread.ts';
import { environmentsCollide } from './cross/environments-collide.ts';
import { equalTimers } from './cross/equal-timers.ts';
import { forwardedUntrusted } from './cross/forwarded-untrusted.ts';
import { goRuntime } from './cross/go-runtime.ts';
import { healthPathDiffers } from './cross/health-path-differs.ts';
import { hostNotPrepared } from './cross/host-not-prepared.ts';
import { hostUnresolvable } from './cross/host-unresolvable.ts';
import { identityDiffers } from './cross/identity-differs.ts';
import { idleRace } from './cross/idle-race.ts';
import { imageDiffers } from './cross/image-differs.ts';
import { internalPathPublic } from './cross/internal-path-public.ts';
import { llmExceedsRequest } from './cross/llm-exceeds-request.ts';
import { loadExceedsMemory } from './cross/load-exceeds-memory.ts';
import { locationDiffers } from './cross/location-differs.ts';
import { logPattern } from './cross/log-pattern.ts';
import { logPlace } from './cross/log-place.ts';
import { logUnrotated } from './cross/log-unrotated.ts';
import { noBackup } from './cross/no-backup.ts';
import { noEndpointDelay } from './cross/no-endpoint-delay.ts';
import { noRollback } from './cross/no-rollback.ts';
import { notMonitored } from './cross/not-monitored.ts';
import { plaintextMismatch } from './cross/plaintext-mismatch.ts';
import { portCollision } from './cross/port-collision.ts';
import { portMismatch } from './cross/port-mismatch.ts';
import { probeBelowCheck } from './cross/probe-below-check.ts';
import { proxyBypassed } from './cross/proxy-bypassed.ts';
import { readOnlyNoScratch } from './cross/read-only-no-scratch.ts';
import { readinessBlind } from './cross/readiness-blind.ts';
import { readinessOnProvider } from './cross/readiness-on-provider.ts';
import { rollbackIgnoresSchema } from './cross/rollback-ignores-schema.ts';
import { scrapeTarget } from './cross/scrape-target.ts';
import { serviceOwnsBinary } from './cross/service-owns-binary.ts';
import { startDiffers } from './cross/start-differs.ts';
import { stopCutsDrain } from './cross/stop-cuts-drain.ts';
import { streamOutlivesProxy } from './cross/stream-outlives-proxy.ts';
import { traceNameShared } from './cross/trace-name-shared.ts';
import { versions } from './cross/versions.ts';
import { workers } from './cross/workers.ts';
import { binaryFails } from './docker/binary-fails.ts';
import { buildContext } from './docker/context.ts';
import { shellForm } from './docker/shell-form.ts';
import { badUrl } from './env/bad-url.ts';
import { databaseTls } from './env/database-tls.ts';
import { parserDiffers } from './env/parser-differs.ts';
import { encoding } from './file/encoding.ts';
import { obsolete } from './file/obsolete.ts';
import { placeholder } from './file/placeholder.ts';
import { skipped } from './file/skipped.ts';
import { suppression } from './file/suppression.ts';
import { unreadable } from './file/unreadable.ts';
import { regionalNodes } from './gcloud/regional-nodes.ts';
import { injection } from './github/injection.ts';
import { invalid } from './github/invalid.ts';
import { permissions } from './github/permissions.ts';
import { ungatedDeploy } from './github/ungated-deploy.ts';
import { unpinnedAction } from './github/unpinned-action.ts';
import { workersOfHost } from './gunicorn/host-cpus.ts';
import { workerRecycling } from './gunicorn/recycling.ts';
import { workerClass } from './gunicorn/worker-class.ts';
import { floating } from './image/floating.ts';
import { danglingSelector } from './k8s/dangling-selector.ts';
import { disruption } from './k8s/disruption.ts';
import { hpaOwnsReplicas } from './k8s/hpa-owns-replicas.ts';
import { hpaSignal } from './k8s/hpa-signal.ts';
import { ingress } from './k8s/ingress.ts';
import { invalidObject } from './k8s/invalid.ts';
import { livenessOnDependencies } from './k8s/liveness-on-dependencies.ts';
import { missingReference } from './k8s/missing-reference.ts';
import { namespace } from './k8s/namespace.ts';
import { netpolEgress } from './k8s/netpol-egress.ts';
import { netpolIngress } from './k8s/netpol-ingress.ts';
import { probes } from './k8s/probes.ts';
import { inodeKept } from './logrotate/inode-kept.ts';
import { corsOpen } from './nginx/cors-open.ts';
import { headerLost } from './nginx/header-lost.ts';
import { keepaliveUnused } from './nginx/keepalive-unused.ts';
import { openPrefix } from './nginx/open-prefix.ts';
import { proxyHeadersLost } from './nginx/proxy-headers-lost.ts';
import { retriesPosts } from './nginx/retries-posts.ts';
import { streamBuffered } from './nginx/stream-buffered.ts';
import { tls } from './nginx/tls.ts';
import { traversal } from './nginx/traversal.ts';
import { upgradeUnconditional } from './nginx/upgrade-unconditional.ts';
import { upstream } from './nginx/upstream.ts';
import { badMetrics } from './prometheus/bad-metrics.ts';
import { neverFires } from './prometheus/never-fires.ts';
import { noRules } from './prometheus/no-rules.ts';
import { forwarding } from './rsyslog/forwarding.ts';
import { noLimits } from './runtime/no-limits.ts';
import { restart } from './runtime/restart.ts';
import { backupUnverified } from './script/backup-unverified.ts';
import { dbLogin } from './script/db-login.ts';
import { expansion } from './script/expansion.ts';
import { imperativeScale } from './script/imperative-scale.ts';
import { killByName } from './script/kill-by-name.ts';
import { noVerdict } from './script/no-verdict.ts';
import { notIdempotent } from './script/not-idempotent.ts';
import { pipeHidesFailure } from './script/pipe-hides-failure.ts';
import { providerCall } from './script/provider-call.ts';
import { replaceRunning } from './script/replace-running.ts';
import { restoreOverLive } from './script/restore-over-live.ts';
import { retentionNoFloor } from './script/retention-no-floor.ts';
import { rolloutNotAwaited } from './script/rollout-not-awaited.ts';
import { secretInArguments } from './script/secret-in-arguments.ts';
import { sourceNeverMade } from './script/source-never-made.ts';
import { unpinnedInstall } from './script/unpinned-install.ts';
import { unstampedBuild } from './script/unstamped-build.ts';
import { literal } from './secret/literal.ts';
import { grantNoEffect } from './sql/grant-no-effect.ts';
import { grantsIncomplete } from './sql/grants-incomplete.ts';
import { sessionSetting } from './sql/session-setting.ts';
import { tooMuchPower } from './sql/too-much-power.ts';
import { environment } from './systemd/environment.ts';
import { invalidUnit } from './systemd/invalid.ts';
import { ordering } from './systemd/ordering.ts';
import { sandbox } from './systemd/sandbox.ts';
import { strictPaths } from './systemd/strict-paths.ts';
import { invalidFirewall } from './ufw/invalid.ts';
import { openBackend } from './ufw/open-backend.ts';
import { envOneString } from './windows/env-one-string.ts';
import { machineSecret } from './windows/machine-secret.ts';
import { serviceDefaults } from './windows/service-defaults.ts';
import { taskAsService } from './windows/task-as-service.ts';

export const RULES: readonly Rule[] = [
  capacity,
  floatingSecret,
  identity,
  invalidCommand,
  onePort,
  publicService,
  straightToLive,
  blankVariable,
  storePublished,
  weakHealth,
  privileges,
  state,
  toolMissing,
  job,
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
  binaryFails,
  buildContext,
  shellForm,
  badUrl,
  databaseTls,
  parserDiffers,
  encoding,
  obsolete,
  placeholder,
  skipped,
  suppression,
  unreadable,
  regionalNodes,
  injection,
  invalid,
  permissions,
  ungatedDeploy,
  unpinnedAction,
  workersOfHost,
  workerRecycling,
  workerClass,
  floating,
  danglingSelector,
  disruption,
  hpaOwnsReplicas,
  hpaSignal,
  ingress,
  invalidObject,
  livenessOnDependencies,
  missingReference,
  namespace,
  netpolEgress,
  netpolIngress,
  probes,
  inodeKept,
  corsOpen,
  headerLost,
  keepaliveUnused,
  openPrefix,
  proxyHeadersLost,
  retriesPosts,
  streamBuffered,
  tls,
  traversal,
  upgradeUnconditional,
  upstream,
  badMetrics,
  neverFires,
  noRules,
  forwarding,
  noLimits,
  restart,
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
  literal,
  grantNoEffect,
  grantsIncomplete,
  sessionSetting,
  tooMuchPower,
  environment,
  invalidUnit,
  ordering,
  sandbox,
  strictPaths,
  invalidFirewall,
  openBackend,
  envOneString,
  machineSecret,
  serviceDefaults,
  taskAsService,
];
