import type { Endpoint } from '../deployment.ts';
import type { Flags, ProbeSpec } from '../probe.ts';
import type { Aspect } from './body.ts';
import type { Question } from './look.ts';

/** One question for each endpoint that has an answer to it. */
export function questionsOf(
  endpoints: readonly Endpoint[],
  aspect: Aspect,
  { timeout }: Flags,
): ProbeSpec<Question>[] {
  return endpoints.flatMap(endpoint => {
    const path = endpoint[aspect];
    if (path === undefined) return [];
    const { service, access } = endpoint;
    return [
      {
        ...subjectOf(endpoint),
        name: `${service ?? 'the service'}: GET ${path}`,
        data: { access, path, aspect, timeout },
      },
    ];
  });
}

/** The service, where there is more than an address. */
export const subjectOf = ({ service }: Endpoint): { subject?: string } =>
  service === undefined ? {} : { subject: service };
