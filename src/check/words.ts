import type { AnyFact } from '../artifacts/fact.ts';
import type { Related } from './rule.ts';

/** Quantities as messages say them. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'for ever';
  if (milliseconds < 1_000) return `${round(milliseconds)}ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 600 || seconds % 60 !== 0) return `${round(seconds)}s`;
  return seconds % 3_600 === 0 ? `${seconds / 3_600}h` : `${seconds / 60}m`;
}

export function size(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const)
    if (bytes >= factor) return `${round(bytes / factor)} ${unit}`;
  return `${bytes} B`;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** A fact as what a finding rests on. */
export const cited = (fact: AnyFact, message = fact.note ?? 'stated here'): Related => ({
  ...fact.at,
  message,
});

/** ` (docker stop, default 10 s)` behind a number that nobody wrote. */
export const quoted = (fact: AnyFact): string =>
  fact.origin === 'default' && fact.note ? ` (${fact.note})` : '';
