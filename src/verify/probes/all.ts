import type { Probe } from '../probe.ts';
import { bodyLimit } from './body-limit.ts';
import { cors } from './cors.ts';
import { deep } from './deep.ts';
import { dnsProbe } from './dns.ts';
import { drain } from './drain.ts';
import { endpoints } from './endpoints.ts';
import { exposure } from './exposure.ts';
import { grpc } from './grpc.ts';
import { httpsRedirect } from './https-redirect.ts';
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
import { tls } from './tls.ts';
import { version } from './version.ts';
import { websocket } from './websocket.ts';

/** Alphabetical. */
export const PROBES: readonly Probe[] = [
  bodyLimit,
  cors,
  deep,
  dnsProbe,
  drain,
  endpoints,
  exposure,
  grpc,
  httpsRedirect,
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
  tls,
  version,
  websocket,
];
