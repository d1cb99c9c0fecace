import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { type Answer, ask, header } from '../http/answer.ts';
import { failFor, type Trouble } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly method: string;
  readonly origins: readonly string[];
  readonly timeout: number;
}

/** A name that cannot be anybody's: https://www.rfc-editor.org/rfc/rfc2606 */
const STRANGER = 'https://stranger.invalid';

export const cors: Probe<Asked> = {
  id: 'cors',
  title: 'pages of the origins that are named may call the service, and others may not',
  plan: ({ endpoints }, { timeout }) =>
    endpoints.flatMap(endpoint => {
      const { access, cors: origins, smoke, stream, ready } = endpoint;
      const called = smoke.find(({ method }) => method === 'POST');
      const path = called?.path ?? stream?.paths[0] ?? ready;
      if (origins.length === 0 || path === undefined) return [];
      const data = { access, origins, path, method: called?.method ?? 'GET', timeout };
      return [
        { ...subjectOf(endpoint), name: `${endpoint.service ?? 'the service'}: CORS of ${path}`, data },
      ];
    }),
  async observe({ data }, { signal }) {
    const { path, origins } = data;
    const asked = `OPTIONS ${path}`;
    for (const origin of origins.filter(each => each !== '*')) {
      const answer = await preflight(origin, data, signal);
      if (answer.kind === 'trouble') return failFor(asked, answer, `a preflight that allows ${origin}`);
      if (!allows(answer, origin))
        return fail({
          expected: `Access-Control-Allow-Origin: ${origin}`,
          observed: `${asked} from ${origin} was answered with ${answer.status} and ${header(answer.headers, 'access-control-allow-origin') ?? 'no such header'}`,
          next: 'let the service answer preflights of the origins under `cors`, and the proxy pass them on',
        });
    }
    if (origins.includes('*')) return pass(`${asked}: every origin is allowed, as configured`);
    const answer = await preflight(STRANGER, data, signal);
    if (answer.kind === 'trouble') return failFor(asked, answer, 'a preflight that allows no stranger');
    if (allows(answer, STRANGER))
      return fail({
        expected: `only ${origins.join(', ')}`,
        observed: `${asked} from ${STRANGER} is allowed too`,
        next: 'compare the origin with the list instead of sending it back, and send no *',
      });
    return pass(`${asked}: ${origins.join(', ')} may call it, ${STRANGER} may not`);
  },
};

const preflight = (
  origin: string,
  { access, path, method, timeout }: Asked,
  signal: AbortSignal,
): Promise<Answer | Trouble> =>
  ask({
    access,
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type',
    },
    signal,
    within: timeout,
    anonymous: true,
  });

const allows = ({ headers, status }: Answer, origin: string): boolean =>
  status < 300 && ['*', origin].includes(header(headers, 'access-control-allow-origin') ?? '');
