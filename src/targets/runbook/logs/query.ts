import type { Model } from '../../../model/model.ts';

export type Fields = NonNullable<Model['observability']['logs']['fields']>;

/** What is asked of a log; the last three are known by words of the programs' own, whatever they write. */
export type Question = 'errors' | 'answered' | 'request' | 'slow' | 'calls' | 'crashes';

/** How a program says that something failed. Numbers are the levels of pino and bunyan. */
export const FAILED = '^(err|fatal|crit|panic|alert|emerg|[5-9]0$)';
export const FAILED_WORDS = 'error|fatal|critical|panic|exception|traceback';
export const CALLS = 'circuit.?breaker|retr(y|ied|ies)';
/** How Go, Python and Node begin to tell where they were. */
export const CRASHES = 'panic: |fatal error: |goroutine [0-9]+ .running|Traceback |[A-Za-z]*Error: ';

/** How many of a unit are a second. */
const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;

/** Above which number a request took longer than the objective; undefined where the log has texts such as 2.5s. */
export const slowFrom = ({ durationUnit }: Fields, seconds: number): number | undefined =>
  durationUnit === 'text' ? undefined : seconds * PER_SECOND[durationUnit];

const SHOWS: Readonly<Record<Question, string>> = {
  errors: 'what failed',
  answered: 'requests that were answered with success',
  request: 'all lines of one request',
  slow: 'requests slower than the objective',
  calls: 'calls that were tried again, and states of a circuit breaker',
  crashes: 'crashes and caught panics, with where they were',
};

/** The questions that this log can answer. */
export function questionsOf(fields: Fields | undefined): { question: Question; shows: string }[] {
  const needs: Partial<Record<Question, string | undefined>> = {
    answered: fields?.status,
    slow: fields?.duration,
  };
  return (Object.keys(SHOWS) as Question[])
    .filter(question => !(question in needs) || needs[question] !== undefined)
    .map(question => ({ question, shows: SHOWS[question] }));
}
