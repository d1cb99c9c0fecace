import type { Access } from '../deployment.ts';
import { type Answer, ask, header, quote } from '../http/answer.ts';
import { failFor } from '../http/trouble.ts';
import { type Attempt, fail, type Observation, pass, undecided } from '../probe.ts';
import { type Aspect, type Reading, readBody } from './body.ts';
import { busyAnswer } from './busy.ts';

export interface Question {
  readonly access: Access;
  readonly path: string;
  readonly aspect: Aspect;
  readonly timeout: number;
}

const WANTED: Readonly<Record<Aspect, string>> = {
  live: '2xx and a body that says it lives',
  ready: '2xx and a body that says it is ready',
  startup: '2xx and a body that says it has started',
  deep: '2xx and every dependency healthy',
};

/** One health answer, read by what it means: a 200 that says unhealthy is no yes. */
export async function lookAtHealth(question: Question, { signal }: Attempt): Promise<Observation> {
  const { access, path, aspect, timeout } = question;
  const asked = `GET ${path}`;
  const expected = WANTED[aspect];
  const answer = await ask({ access, path, signal, within: timeout });
  if (answer.kind === 'trouble') return failFor(asked, answer, expected);
  const detail = { phases: answer.phases };
  const busy = busyAnswer(answer, asked, expected);
  if (busy) return busy;
  const { status } = answer;
  if (status >= 300 && status < 400) return redirected(asked, answer, expected);
  const reading = readBody(answer.text, header(answer.headers, 'content-type') ?? '', aspect);
  if (status < 200 || status >= 300)
    return fail({
      expected,
      observed: `${asked} was answered with ${status}: ${quote(answer.text)}`,
      next: remedy(status, aspect),
      detail,
    });
  const wrong = objection(reading, path, aspect);
  if (wrong)
    return fail({
      expected,
      observed: `${asked} was answered with ${status}, but ${wrong[0]}`,
      next: wrong[1],
      detail,
    });
  if (reading.meaning === 'partly' && aspect === 'deep')
    return undecided({
      expected,
      observed: `${asked}: ${reading.says}`,
      next: 'look at what it says is degraded',
      detail,
    });
  const said = reading.meaning === 'silent' ? `${status}, which says no more` : reading.says;
  return pass(`${asked}: ${said}`, detail);
}

function redirected(asked: string, answer: Answer, expected: string): Observation {
  const to = header(answer.headers, 'location') ?? 'nowhere';
  return fail({
    expected,
    observed: `${asked} was answered with ${answer.status} to ${quote(to)}`,
    next: 'ask there with --url if that is the service; probes of platforms follow no redirect either',
  });
}

function remedy(status: number, aspect: Aspect): string {
  if (status === 401 || status === 403)
    return 'give a token with --token-from, or let health be asked without one';
  if (status === 404 || status === 405) return 'check the path under `health`, and where the proxy sends it';
  if (status === 502 || status === 504)
    return 'the proxy reaches no service: check that it runs and where it listens';
  return aspect === 'live'
    ? 'look at the logs of the service'
    : 'look at what the body says, and at the logs of the service';
}

/** Why a body is no yes, and what to do. */
function objection(
  { meaning, says }: Reading,
  path: string,
  aspect: Aspect,
): readonly [string, string] | undefined {
  if (meaning === 'bad')
    return [`says it is not well: ${says}`, 'mend what it names, and let it answer 503 meanwhile'];
  if (meaning === 'soon' && aspect !== 'live')
    return [
      `says it is not there yet, or no more: ${says}`,
      'wait with --wait, and let it answer 503 meanwhile',
    ];
  if (meaning === 'unreadable') return [`holds ${says}`, 'look at what writes it, or cuts it short'];
  if (
    meaning === 'page' &&
    (path !== '/' || /\b[45]\d\d\b|error|unavailable|not found|gateway|maintenance/i.test(says))
  )
    return [`holds ${says}`, 'check the path, and what answers in place of the service'];
  return undefined;
}
