import type { IncomingHttpHeaders } from 'node:http';
import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { ask, header } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly timeout: number;
}

/** Shorter, a browser forgets it between two visits: https://hstspreload.org asks for a year, half of that is usual. */
const SHORTEST_HSTS = 15_552_000;

export const securityHeaders: Probe<Asked> = {
  id: 'security-headers',
  title: 'browsers are told to stay with TLS, not to guess types and not to be framed',
  plan: ({ endpoints, model }, { platform, timeout }) =>
    endpoints
      .filter(({ access }) => access.public && access.base.protocol === 'https:')
      .map(endpoint => {
        const path = endpoint.ready ?? endpoint.live ?? '/';
        const spec = {
          ...subjectOf(endpoint),
          name: `${endpoint.access.base.host}: security headers`,
          data: { access: endpoint.access, path, timeout },
        };
        const bare = platform === 'cloudrun' || (model && !model.targets.nginx);
        return bare ? { ...spec, skip: 'no proxy of this configuration sets any here' } : spec;
      }),
  async observe({ data: { access, path, timeout } }, { signal }) {
    const asked = `GET ${path}`;
    const expected =
      'Strict-Transport-Security of half a year or more, X-Content-Type-Options: nosniff, and no framing by others';
    const answer = await ask({ access, path, signal, within: timeout });
    if (answer.kind === 'trouble') return failFor(asked, answer, expected);
    const wrong = wrongHeaders(answer.headers);
    if (wrong.length === 0) return pass(`${asked}: HSTS, nosniff and framing are set`);
    return fail({
      expected,
      observed: `${asked}: ${wrong.join(', ')}`,
      next: 'set them in the proxy, on every answer (nginx: add_header ... always); a location with one of its own repeats them all',
    });
  },
};

function wrongHeaders(headers: IncomingHttpHeaders): string[] {
  const hsts = header(headers, 'strict-transport-security');
  const age = Number(/max-age="?(\d+)/i.exec(hsts ?? '')?.[1] ?? 0);
  const frames = header(headers, 'x-frame-options') ?? '';
  const policy = header(headers, 'content-security-policy') ?? '';
  return [
    ...(hsts === undefined ? ['no Strict-Transport-Security'] : []),
    ...(hsts !== undefined && age < SHORTEST_HSTS ? [`Strict-Transport-Security for only ${age} s`] : []),
    ...(/^nosniff$/i.test(header(headers, 'x-content-type-options') ?? '')
      ? []
      : ['no X-Content-Type-Options: nosniff']),
    ...(/^(?:deny|sameorigin)$/i.test(frames) || /frame-ancestors/i.test(policy)
      ? []
      : ['neither X-Frame-Options nor frame-ancestors']),
  ];
}
