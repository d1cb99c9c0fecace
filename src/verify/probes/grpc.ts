import type { Access } from '../deployment.ts';
import type { Reply } from '../grpc/call.ts';
import { subjectOf } from '../health/questions.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Observation, type Probe, pass, undecided } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly url: URL;
  readonly service: string | undefined;
}

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const CHECK = '/grpc.health.v1.Health/Check';
const STATES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
const SERVING = 1;
const [DEADLINE, NOT_FOUND, EXHAUSTED, UNIMPLEMENTED, UNAVAILABLE, UNAUTHENTICATED] = [4, 5, 8, 12, 14, 16];
const FORBIDDEN = 7;

export const grpc: Probe<Asked> = {
  id: 'grpc',
  title: 'the gRPC service says by the standard health service that it serves',
  plan: ({ endpoints }) =>
    endpoints.flatMap(endpoint =>
      endpoint.grpc
        ? [
            {
              ...subjectOf(endpoint),
              name: `${endpoint.service}: gRPC health of ${endpoint.grpc.service ?? 'the server'}`,
              data: { access: endpoint.access, ...endpoint.grpc },
            },
          ]
        : [],
    ),
  async observe({ data }, { signal }) {
    // HTTP/2 is loaded on use.
    const { call } = await import('../grpc/call.ts');
    const { access, url, service } = data;
    const asked = `${CHECK.slice(1)} at ${url.host}${service ? ` for ${service}` : ''}`;
    const reply = await call(access, url, CHECK, request(service), signal);
    if (reply.kind === 'trouble') return failFor(asked, reply, 'SERVING');
    // Servers often register themselves as a whole only.
    if (reply.status === NOT_FOUND && service) {
      const whole = await call(access, url, CHECK, request(undefined), signal);
      if (whole.kind === 'reply') return judge(`${CHECK.slice(1)} at ${url.host}`, whole);
    }
    return judge(asked, reply);
  },
};

function judge(asked: string, reply: Reply): Observation {
  const { status, httpStatus, contentType, message, payload } = reply;
  const no = (observed: string, next: string) =>
    fail({ expected: 'SERVING', observed: `${asked}: ${observed}`, next });
  if (!/^application\/grpc/.test(contentType) || (httpStatus !== 200 && status === undefined))
    return no(
      `no gRPC, but HTTP ${httpStatus} with ${contentType || 'no type'}`,
      'check the port, and that the proxy speaks HTTP/2 to the service',
    );
  if (status === EXHAUSTED)
    return undecided({
      expected: 'SERVING',
      observed: `${asked}: busy (RESOURCE_EXHAUSTED)`,
      next: 'it is up and has more to do than it takes: ask again later',
      retryAfter: 1_000,
    });
  if (status === UNIMPLEMENTED)
    return undecided({
      expected: 'the standard health service',
      observed: `${asked}: it speaks gRPC and has no grpc.health.v1`,
      next: 'register the health service of the gRPC library, or leave this out with --skip grpc',
    });
  if (status !== 0)
    return no(`status ${status}${message === '' ? '' : ` ${decodeURIComponent(message)}`}`, remedy(status));
  const state = stateIn(payload);
  if (state === SERVING) return pass(`${asked}: SERVING`);
  return no(STATES[state] ?? `state ${state}`, 'look at the logs of the service');
}

function remedy(status: number | undefined): string {
  if (status === UNAUTHENTICATED || status === FORBIDDEN)
    return 'give a token with --token-from, or let health be asked without one';
  if (status === NOT_FOUND) return 'register the service with the health service under its full name';
  if (status === DEADLINE || status === UNAVAILABLE)
    return 'the proxy reaches no service: check that it runs and where it listens';
  return 'look at the logs of the service';
}

/** `message HealthCheckRequest { string service = 1; }` */
function request(service: string | undefined): Buffer {
  const name = Buffer.from(service ?? '');
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** `message HealthCheckResponse { ServingStatus status = 1; }`; zero is left out. */
const stateIn = (payload: Buffer): number => (payload[0] === 0x08 ? (payload[1] ?? 0) : 0);
