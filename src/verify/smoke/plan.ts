import type { Deployment, Endpoint } from '../deployment.ts';
import type { Flags, ProbeSpec } from '../probe.ts';
import { requestOf, type SmokeRequest } from './request.ts';

type Smoke = Endpoint['smoke'][number];

export interface SmokeData {
  readonly endpoint: Endpoint;
  readonly smoke: Smoke;
  readonly request: SmokeRequest;
}

/** What an attempt gets beyond the smoke's own time, so that it is the smoke's time that is over first. */
export const MARGIN = 1_000;

/** The smokes of a deployment that stream, or those that do not. */
export function smokesOf(
  { endpoints, model }: Deployment,
  { env }: Flags,
  which: 'streaming' | 'whole',
): ProbeSpec<SmokeData>[] {
  return endpoints.flatMap(endpoint =>
    endpoint.smoke
      .filter(({ expect }) => (expect.sse !== undefined) === (which === 'streaming'))
      .map(smoke => ({
        subject: endpoints.length > 1 ? `${endpoint.service}/${smoke.name}` : smoke.name,
        name: `${smoke.name}: ${smoke.method} ${smoke.path}${smoke.paid ? ' (paid)' : ''}`,
        data: { endpoint, smoke, request: requestOf(smoke, endpoint, model, env) },
        timeout: smoke.within + MARGIN,
        ...(smoke.paid && { once: true as const }),
      })),
  );
}
