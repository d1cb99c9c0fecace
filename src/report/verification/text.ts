import kleur from 'kleur';
import type { ProbeResult, Status, Verification } from '../../verify/verification.ts';
import { line } from '../plain.ts';
import { countsOf, duration, MEANINGS } from './words.ts';

const COLOURS: Readonly<Record<Status, (text: string) => string>> = {
  pass: kleur.green,
  fail: kleur.red,
  error: kleur.magenta,
  inconclusive: kleur.yellow,
  skip: kleur.dim,
};
const STATUS_WIDTH = 'inconclusive'.length;

/** For people: a line for each probe, and below what is not well the reason and the next step. */
export function textReport(verification: Verification): string {
  const { target, verdict, probes } = verification;
  const width = Math.max(0, ...probes.map(({ id }) => line(id).length));
  const title = COLOURS[verdict](kleur.bold(verdict));
  return [
    ...probes.flatMap(probe => probeLines(probe, width)),
    ...(probes.length > 0 ? [''] : []),
    `${title}  ${line(target)}: ${countsOf(verification)}. ${MEANINGS[verdict]}`,
  ].join('\n');
}

/** One probe as it ends, also for live progress. */
export function probeLines(probe: ProbeResult, width = 0): string[] {
  const { id, status, attempts, message, expected, observed, next } = probe;
  const again = attempts > 1 ? `, ${attempts} attempts` : '';
  const told = status === 'skip' ? '' : kleur.dim(` (${duration(probe.durationMs)}${again})`);
  const mark = COLOURS[status](status.padEnd(STATUS_WIDTH));
  const rest = (
    [
      ['expected', expected],
      ['observed', observed],
      ['next', next],
    ] as const
  ).filter((row): row is readonly ['expected' | 'observed' | 'next', string] => row[1] !== undefined);
  const isDifference = status !== 'pass' && status !== 'skip' && observed !== undefined;
  const said = isDifference ? line(probe.name) : line(message);
  const head = `${mark}  ${line(id).padEnd(width)}  ${said}${told}`;
  if (!isDifference) return [head];
  const indent = ' '.repeat(STATUS_WIDTH + 2);
  return [head, ...rest.map(([label, text]) => `${indent}${kleur.dim(label.padEnd(9))} ${line(text)}`)];
}
