import { isDeepStrictEqual } from 'node:util';
import type { Endpoint } from '../deployment.ts';
import { type Answer, quote } from '../http/answer.ts';
import type { Difference } from '../probe.ts';
import { valuesAt } from './json-path.ts';

type Expectation = Endpoint['smoke'][number]['expect'];

/** The first thing in which an answer is not as it has to be. */
export function objectionTo(answer: Answer, expect: Expectation): Difference | undefined {
  return statusObjection(answer, expect) ?? textObjection(answer, expect) ?? jsonObjection(answer, expect);
}

export function statusObjection(
  { status, text }: Pick<Answer, 'status' | 'text'>,
  expect: Expectation,
): Difference | undefined {
  const wanted = [expect.status].flat();
  if (wanted.includes(status)) return undefined;
  return {
    expected: `status ${wanted.join(' or ')}`,
    observed: `status ${status}: ${quote(text)}`,
    next:
      status === 401 || status === 403
        ? 'give a token with --token-from, or a header with ${secret.NAME} in the smoke'
        : 'look at the answer, and at the logs of the service',
  };
}

function textObjection({ text }: Answer, { text: wanted }: Expectation): Difference | undefined {
  if (wanted === undefined || text.includes(wanted)) return undefined;
  return {
    expected: `"${wanted}" in the answer`,
    observed: quote(text),
    next: 'look at what the endpoint answers',
  };
}

function jsonObjection({ text }: Answer, { json }: Expectation): Difference | undefined {
  if (!json) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return {
      expected: 'JSON',
      observed: `no valid JSON: ${quote(text)}`,
      next: 'check what answers, and what cuts or decorates the answer',
    };
  }
  for (const [path, wanted] of Object.entries(json)) {
    const values = valuesAt(document, path);
    if (values === undefined)
      return {
        expected: 'a path such as $.items[0].name',
        observed: `"${path}", which is none`,
        next: 'mend the path in the smoke',
      };
    const there =
      wanted === 'exists' ? values.some(isSomething) : values.some(value => isDeepStrictEqual(value, wanted));
    if (!there)
      return {
        expected: wanted === 'exists' ? `something at ${path}` : `${JSON.stringify(wanted)} at ${path}`,
        observed:
          values.length === 0 ? `nothing there: ${quote(text)}` : quote(JSON.stringify(values.slice(0, 3))),
        next: 'look at what the endpoint answers',
      };
  }
  return undefined;
}

/** An answer that is there and empty is no answer. */
const isSomething = (value: unknown) => value !== null && value !== '';
