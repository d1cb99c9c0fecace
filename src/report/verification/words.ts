import type { Status, Verification } from '../../verify/verification.ts';

/** From what asks for most to what asks for nothing. */
export const STATUSES: readonly Status[] = ['fail', 'error', 'inconclusive', 'pass', 'skip'];

const COUNTED: Readonly<Record<Status, string>> = {
  fail: 'failed',
  error: 'could not be run',
  inconclusive: 'could not tell',
  pass: 'passed',
  skip: 'skipped',
};

export const MEANINGS: Readonly<Record<Verification['verdict'], string>> = {
  pass: 'It works.',
  fail: 'It does not work as it must.',
  inconclusive: 'Nobody can tell whether it works.',
};

export const countOf = ({ probes }: Verification, status: Status): number =>
  probes.filter(probe => probe.status === status).length;

/** `1 failed, 12 passed, 2 skipped in 3.4 s` */
export function countsOf(verification: Verification): string {
  const counts = STATUSES.map(status => ({ status, count: countOf(verification, status) }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${COUNTED[status]}`);
  const interrupted = verification.interrupted ? ', interrupted' : '';
  return `${counts.join(', ') || 'no probe ran'} in ${duration(verification.durationMs)}${interrupted}`;
}

/** As much as a person reads: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1) return '0 ms';
  if (milliseconds < 999.5)
    return `${milliseconds < 10 ? round(milliseconds, 1) : Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${round(milliseconds / 1_000, 1)} s`;
  const whole = Math.round(milliseconds / 1_000);
  const seconds = whole % 60;
  return `${Math.floor(whole / 60)} min${seconds > 0 ? ` ${seconds} s` : ''}`;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
