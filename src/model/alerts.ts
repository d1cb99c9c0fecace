import type { Model } from './model.ts';
import { type Monitoring, monitoringOf } from './monitoring.ts';

/** Every alert there is, in the order of the runbook; each has a section there, and its rules in `monitoring`. */
const APPLIES = {
  ServiceDown: ({ platform, services }) =>
    platform === 'kubernetes' || services.some(each => each.scraped.length > 0),
  MetricsAbsent: m => m.services.some(each => isScraped(each, m)),
  ProbeFailing: m => m.services.some(each => each.probes.length + each.grpc.length > 0 || each.publicProbe),
  UnitFailed: ({ platform }) => platform === 'host',
  RestartLoop: ({ platform }) => platform !== 'outside',
  ErrorBudgetBurnsFast: m => errorsKnown(m),
  ErrorBudgetBurnsSlowly: m => errorsKnown(m),
  ErrorRateHigh: m => withFamily(m) && (m.names.failed ?? m.names.errors) !== undefined,
  LatencyHigh: m => withFamily(m) && m.names.duration !== undefined,
  Saturated: m =>
    m.names.active !== undefined && m.services.some(each => each.family && each.service.limits.concurrency),
  NoTraffic: m => withFamily(m) && m.names.requests !== undefined,
  TokensSurge: m => withFamily(m) && m.names.tokens !== undefined,
  CostOverBudget: (m, model) =>
    withFamily(m) && m.names.tokens !== undefined && model.observability.cost?.perDay !== undefined,
  MemoryHigh: ({ platform }) => platform !== 'outside',
  CpuHigh: ({ platform }) => platform !== 'outside',
  HostMemoryHigh: m => onHost(m),
  HostCpuHigh: m => onHost(m),
  DiskFull: m => onHost(m),
  DiskFillsSoon: m => onHost(m),
  VolumeFull: (m, model) =>
    m.platform === 'kubernetes' &&
    (m.services.some(each => each.service.volumes.length > 0) ||
      (model.database !== undefined && !model.database.host)),
  CertificateExpires: m => m.services.some(each => each.publicProbe),
  DatabaseDown: (m, model) => hasDatabase(m, model),
  DatabaseConnectionsHigh: (m, model) => hasDatabase(m, model),
  BackupOld: (m, model) => backsUp(m, model),
  BackupFailed: (m, model) => backsUp(m, model),
  BackupMissing: (m, model) => backsUp(m, model),
  BackupShrank: (m, model) => backsUp(m, model),
  ExporterDown: () => true,
} satisfies Record<string, (monitoring: Monitoring, model: Model) => unknown>;

export type AlertName = keyof typeof APPLIES;

/** The alerts that can fire here. */
export function alertsOf(model: Model): AlertName[] {
  if (!model.targets.monitoring) return [];
  const monitoring = monitoringOf(model);
  return (Object.keys(APPLIES) as AlertName[]).filter(name => APPLIES[name](monitoring, model));
}

/** Where the runbook says what to do: a heading's anchor is its text in lower case. */
export const alertAnchor = (name: AlertName): string => name.toLowerCase();

const isScraped = (each: Monitoring['services'][number], { platform }: Monitoring): boolean =>
  each.scraped.length > 0 || (platform === 'kubernetes' && each.service.metrics !== undefined);

const withFamily = ({ services }: Monitoring): boolean => services.some(each => each.family);

/** By the program's own count, or by how often a probe was answered. */
const errorsKnown = ({ services, names }: Monitoring): boolean =>
  services.some(
    each => (each.family && (names.failed ?? names.errors)) || each.probes.length > 0 || each.publicProbe,
  );

const onHost = ({ platform }: Monitoring): boolean => platform === 'host' || platform === 'compose';

const hasDatabase = ({ platform }: Monitoring, { database }: Model): boolean =>
  database !== undefined && platform !== 'outside';

/** Its metrics come from a file that node_exporter reads. */
const backsUp = (monitoring: Monitoring, { database, targets }: Model): boolean =>
  onHost(monitoring) && database !== undefined && targets.backup !== undefined;
