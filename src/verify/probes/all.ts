import type { Probe } from '../probe.ts';
import { bodyLimit } from './body-limit.ts';
import { cloudrunRevision } from './cloudrun-revision.ts';
import { cloudrunSecrets } from './cloudrun-secrets.ts';
import { cloudrunTraffic } from './cloudrun-traffic.ts';
import { composeDrift } from './compose-drift.ts';
import { composeImages } from './compose-images.ts';
import { composeServicesProbe } from './compose-services.ts';
import { cors } from './cors.ts';
import { databaseBackup } from './database-backup.ts';
import { databaseConnection } from './database-connection.ts';
import { databaseMigrations } from './database-migrations.ts';
import { databasePrivileges } from './database-privileges.ts';
import { databaseRestore } from './database-restore.ts';
import { deep } from './deep.ts';
import { dnsProbe } from './dns.ts';
import { drain } from './drain.ts';
import { endpoints } from './endpoints.ts';
import { exposure } from './exposure.ts';
import { grpc } from './grpc.ts';
import { hostClock } from './host-clock.ts';
import { hostDisk } from './host-disk.ts';
import { hostFiles } from './host-files.ts';
import { hostMemory } from './host-memory.ts';
import { hostPorts } from './host-ports.ts';
import { httpsRedirect } from './https-redirect.ts';
import { kubernetesAutoscaler } from './kubernetes-autoscaler.ts';
import { kubernetesCertificate } from './kubernetes-certificate.ts';
import { kubernetesDisruption } from './kubernetes-disruption.ts';
import { kubernetesDrift } from './kubernetes-drift.ts';
import { kubernetesEndpoints } from './kubernetes-endpoints.ts';
import { kubernetesImages } from './kubernetes-images.ts';
import { kubernetesRollout } from './kubernetes-rollout.ts';
import { latency } from './latency.ts';
import { live } from './live.ts';
import { metrics } from './metrics.ts';
import { ready } from './ready.ts';
import { requestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { smoke } from './smoke.ts';
import { startup } from './startup.ts';
import { stream } from './stream.ts';
import { streamLeave } from './stream-leave.ts';
import { systemdFiles } from './systemd-files.ts';
import { systemdSandbox } from './systemd-sandbox.ts';
import { systemdUnit } from './systemd-unit.ts';
import { tls } from './tls.ts';
import { version } from './version.ts';
import { websocket } from './websocket.ts';
import { windowsService } from './windows-service.ts';

/** Alphabetical. */
export const PROBES: readonly Probe[] = [
  bodyLimit,
  cloudrunRevision,
  cloudrunSecrets,
  cloudrunTraffic,
  composeDrift,
  composeImages,
  composeServicesProbe,
  cors,
  databaseBackup,
  databaseConnection,
  databaseMigrations,
  databasePrivileges,
  databaseRestore,
  deep,
  dnsProbe,
  drain,
  endpoints,
  exposure,
  grpc,
  hostClock,
  hostDisk,
  hostFiles,
  hostMemory,
  hostPorts,
  httpsRedirect,
  kubernetesAutoscaler,
  kubernetesCertificate,
  kubernetesDisruption,
  kubernetesDrift,
  kubernetesEndpoints,
  kubernetesImages,
  kubernetesRollout,
  latency,
  live,
  metrics,
  ready,
  requestId,
  securityHeaders,
  smoke,
  startup,
  stream,
  streamLeave,
  systemdFiles,
  systemdSandbox,
  systemdUnit,
  tls,
  version,
  websocket,
  windowsService,
];
