import { busyAnswer } from '../health/busy.ts';
import { collect, header, quote } from '../http/answer.ts';
import { type Opened, open } from '../http/exchange.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Observation, type Probe, undecided } from '../probe.ts';
import { statusObjection } from '../smoke/expectation.ts';
import { withoutSecrets } from '../smoke/missing.ts';
import { judgeStream } from '../stream/judge.ts';
import { type StreamData, streamsOf } from '../stream/plan.ts';
import { readStream } from '../stream/read.ts';

export const stream: Probe<StreamData> = {
  id: 'stream',
  title: 'events arrive one by one, in time, without gaps, and end cleanly; past 60 s with --long',
  plan: streamsOf,
  async observe({ data }, attempt) {
    const { endpoint, request, expect, demands, hold } = data;
    const unsent = withoutSecrets(request);
    if (unsent) return unsent;
    const { method, path, headers, body } = request;
    const asked = `${method} ${path}`;
    const sent = { access: endpoint.access, method, path, headers, body };
    const opened = await open({ ...sent, signal: attempt.signal, within: hold });
    if (opened.kind === 'trouble') return failFor(asked, opened, 'an event stream');
    const refusal = await refused(opened, data, asked);
    if (refusal) return refusal;
    return judgeStream(asked, await readStream(opened, { hold }), { ...demands, text: expect.text });
  },
};

/** What is no event stream, told by its status and its type before any of it is read. */
async function refused(
  opened: Opened,
  { expect, guessed }: StreamData,
  asked: string,
): Promise<Observation | undefined> {
  const type = header(opened.headers, 'content-type') ?? 'none';
  const isStream = /^text\/event-stream\b/i.test(type);
  const wanted = [expect.status].flat();
  if (wanted.includes(opened.status) && isStream) return undefined;
  const answer = await collect(opened);
  if (answer.kind === 'trouble') return failFor(asked, answer, 'an event stream');
  const busy = busyAnswer(answer, asked, 'an event stream');
  if (busy) return busy;
  if (guessed && answer.status >= 400 && answer.status < 500)
    return undecided({
      expected: 'an event stream',
      observed: `${asked} was answered with ${answer.status}: ${quote(answer.text)}`,
      next: 'add a smoke with expect.sse that says how the stream is asked for',
    });
  const objection = statusObjection(answer, expect);
  if (objection) return fail({ ...objection, observed: `${asked}: ${objection.observed}` });
  return fail({
    expected: 'Content-Type: text/event-stream',
    observed: `${asked} has ${type}: ${quote(answer.text)}`,
    next: 'set the type in the service: browsers and proxies treat nothing else as a stream',
  });
}
