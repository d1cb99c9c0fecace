import { shellWord } from '../../../render/escape/shell.ts';
import { CALLS, CRASHES, FAILED, FAILED_WORDS, type Fields, type Question, slowFrom } from './query.ts';

/** A function for each question, which reads lines: the same whatever platform they come from. */
export function shellFilters(
  questions: readonly Question[],
  fields: Fields | undefined,
  seconds: number,
): string[] {
  const own = fields ? fromJson(fields, seconds) : FROM_TEXT;
  const known = { ...own, ...BY_WORDS };
  return [
    // What is no JSON, such as a line that a runtime wrote, is left out.
    ...(fields
      ? ['pick() { jq --raw-input --compact-output --arg id "${2:-}" "fromjson? | objects | select($1)"; }']
      : []),
    ...questions.map(question => `${question}() { ${known[question]}; }`),
  ];
}

const grep = (options: string, pattern: string): string =>
  `grep --ignore-case --extended-regexp ${options}${shellWord(pattern)}`;

const BY_WORDS = {
  calls: grep('', CALLS),
  // A program that catches its panics writes where they were into a field.
  crashes: grep('--after-context 30 ', `^(${CRASHES})|"(stack|stacktrace|stack_trace|exc_info)":`),
};

const BY_ID = 'grep --fixed-strings -- "$1"';

/** Of a log whose fields nobody named. */
const FROM_TEXT: Partial<Record<Question, string>> = {
  errors: grep('--word-regexp ', FAILED_WORDS),
  request: BY_ID,
};

function fromJson(fields: Fields, seconds: number): Partial<Record<Question, string>> {
  const number = (name: string) => `((${pathOf(name)} | tonumber?) // 0)`;
  const { level, id, status, duration } = fields;
  const failed = `(${pathOf(level)} | tostring | test("${FAILED}"; "i"))`;
  const limit = slowFrom(fields, seconds);
  return {
    errors: pick(status ? `${failed} or ${number(status)} >= 500` : failed),
    request: id ? `${pick(`(${pathOf(id)} | tostring) == $id`)} "$1"` : BY_ID,
    ...(status && { answered: pick(`${number(status)} | . >= 200 and . < 400`) }),
    ...(duration && {
      slow: pick(
        limit === undefined ? `${secondsOf(duration)} >= ${seconds}` : `${number(duration)} >= ${limit}`,
      ),
    }),
  };
}

const pick = (condition: string): string => `pick ${shellWord(condition)}`;

/** Where a part is no object in some lines, those have no such field. */
const pathOf = (name: string): string => `.${name.split('.').join('?.')}${name.includes('.') ? '?' : ''}`;

/** A text such as 1m2.5s, in seconds. */
const secondsOf = (name: string): string => {
  const part = 'match("([0-9.]+)(h|ms|m|us|µs|ns|s)"; "g").captures';
  const units = '{h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, "µs": 1e-6, ns: 1e-9}';
  return `([${pathOf(name)} | tostring | ${part} | (.[0].string | tonumber) * ${units}[.[1].string]] | add // 0)`;
};
