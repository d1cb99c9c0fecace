import { busyAnswer } from '../health/busy.ts';
import { ask } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { objectionTo } from '../smoke/expectation.ts';
import { withoutSecrets } from '../smoke/missing.ts';
import { type SmokeData, smokesOf } from '../smoke/plan.ts';

export const smoke: Probe<SmokeData> = {
  id: 'smoke',
  title:
    'the requests of the configuration get the answers that it expects; those that stream are probed by stream',
  plan: (deployment, flags) => smokesOf(deployment, flags, 'whole'),
  async observe({ data }, { signal }) {
    const { endpoint, smoke: wanted, request } = data;
    const unsent = withoutSecrets(request);
    if (unsent) return unsent;
    const { method, path, headers, body } = request;
    const asked = `${method} ${path}`;
    const answer = await ask({
      access: endpoint.access,
      method,
      path,
      headers,
      body,
      signal,
      within: wanted.within,
    });
    const expected = `status ${[wanted.expect.status].flat().join(' or ')} within ${wanted.within} ms`;
    if (answer.kind === 'trouble') return failFor(asked, answer, expected);
    const detail = { phases: answer.phases };
    const objection = objectionTo(answer, wanted.expect);
    const busy = objection && busyAnswer(answer, asked, expected);
    if (busy) return busy;
    if (objection) return fail({ ...objection, observed: `${asked}: ${objection.observed}`, detail });
    const took = Math.round(answer.phases.total);
    if (took > wanted.within)
      return fail({
        expected,
        observed: `${asked} took ${took} ms`,
        next: 'find out what is slow, or raise `within`',
        detail,
      });
    return pass(`${asked}: ${answer.status}, as expected (${took} ms)`, detail);
  },
};
