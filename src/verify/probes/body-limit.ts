import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { type Answer, ask, quote } from '../http/answer.ts';
import { failFor, type Trouble } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly limit: number;
  readonly timeout: number;
}

/** More is not sent to prove a limit. */
const MOST = 32 * 1024 * 1024;
/** Below the limit by what a proxy may count beside the body. */
const BELOW = 1024;

export const bodyLimit: Probe<Asked> = {
  id: 'body-limit',
  title: 'a body past the limit is refused before it reaches the service, and one within it is not',
  plan: ({ endpoints }, { timeout }) =>
    endpoints.flatMap(endpoint => {
      const { access, bodyLimit: limit, smoke, stream } = endpoint;
      const path = smoke.find(({ method }) => method === 'POST')?.path ?? stream?.paths[0];
      // Directly it is the service's own affair; the configuration's limit is the proxy's.
      if (!access.public || limit === undefined || path === undefined) return [];
      const spec = {
        ...subjectOf(endpoint),
        name: `${endpoint.service ?? 'the service'}: bodies of ${path}`,
        data: { access, path, limit, timeout },
      };
      return [
        limit > MOST
          ? { ...spec, skip: `${limit} bytes are too many to send for a proof` }
          : { ...spec, timeout: timeout * 4 },
      ];
    }),
  async observe({ data }, { signal }) {
    const { path, limit } = data;
    const asked = `POST ${path}`;
    const over = await send(limit + 1, data, signal);
    // Whoever stops reading has refused too.
    const refused = over.kind === 'trouble' ? over.cause === 'reset' : over.status === 413;
    if (over.kind === 'trouble' && !refused) return failFor(asked, over, '413');
    if (over.kind === 'answer' && !refused)
      return fail({
        expected: `413 for ${limit + 1} bytes (limits.body)`,
        observed: `${asked} was answered with ${over.status}: ${quote(over.text)}`,
        next: 'set the limit in the proxy (nginx: client_max_body_size), or in the service',
      });
    const within = await send(limit - BELOW, data, signal);
    if (within.kind === 'trouble') return failFor(asked, within, `an answer to ${limit - BELOW} bytes`);
    if (within.status === 413)
      return fail({
        expected: `no 413 for ${limit - BELOW} bytes (limits.body)`,
        observed: `${asked} was answered with 413: ${quote(within.text)}`,
        next: 'something before the service has a smaller limit, such as the 1 MiB that nginx has by default',
      });
    return pass(`${asked}: ${limit + 1} bytes are refused, ${limit - BELOW} are not`);
  },
};

/** No endpoint takes zeros of this type for a prompt, so none is paid for. */
const send = (
  size: number,
  { access, path, timeout }: Asked,
  signal: AbortSignal,
): Promise<Answer | Trouble> =>
  ask({
    access,
    method: 'POST',
    path,
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(Math.max(0, size)),
    signal,
    within: timeout,
  });
