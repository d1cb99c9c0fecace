import { randomUUID } from 'node:crypto';
import type { Access } from '../deployment.ts';
import { subjectOf } from '../health/questions.ts';
import { ask, header, quote } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Probe, pass, skip } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly path: string;
  readonly timeout: number;
  /** The proxy of this configuration sets it, so it has to be there. */
  readonly promised: boolean;
}

export const requestId: Probe<Asked> = {
  id: 'request-id',
  title: 'an id that comes with a request comes back, so that logs can be joined',
  plan: ({ endpoints, model }, { timeout }) =>
    endpoints.flatMap(endpoint => {
      const { access, live, ready, service } = endpoint;
      const path = ready ?? live;
      if (path === undefined) return [];
      const promised = access.public && model?.targets.nginx !== undefined;
      return [
        {
          ...subjectOf(endpoint),
          name: `${service ?? 'the service'}: X-Request-Id`,
          data: { access, path, timeout, promised },
        },
      ];
    }),
  async observe({ data: { access, path, timeout, promised } }, { signal }) {
    const asked = `GET ${path}`;
    const sent = `verify-${randomUUID()}`;
    const answer = await ask({ access, path, headers: { 'x-request-id': sent }, signal, within: timeout });
    if (answer.kind === 'trouble') return failFor(asked, answer, 'an answer with X-Request-Id');
    const got = header(answer.headers, 'x-request-id') ?? header(answer.headers, 'x-correlation-id');
    if (got === sent) return pass(`${asked}: the id that was sent came back`);
    if (got === undefined && !promised) return skip(`${asked}: answers have no X-Request-Id`);
    return fail({
      expected: 'the X-Request-Id that was sent',
      observed: `${asked} was answered with ${got === undefined ? 'none' : quote(got)}`,
      next: 'let the proxy pass the id on and the service answer with it, or whoever is last set it',
    });
  },
};
