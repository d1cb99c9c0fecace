import kleur from 'kleur';
import type { Diagnostic } from '../check/run.ts';
import { type FindingsReport, summaryOf } from './findings.ts';
import { wrapped } from './wrapped.ts';

const COLOURS = { error: kleur.red, warning: kleur.yellow, info: kleur.cyan } as const;

/** For people: each finding with its line, what it rests on and what to do; `columns` is a terminal's width. */
export function findingsText(report: FindingsReport, columns?: number): string {
  const parts = report.findings.map(finding => findingText(report, finding, columns));
  const notes = report.skipped.map(({ file, reason }) => kleur.dim(`${file}: not checked: ${reason}`));
  return [...parts, ...(notes.length > 0 ? [notes.join('\n')] : []), summaryText(report)].join('\n\n');
}

function findingText(
  report: FindingsReport,
  { rule, severity, message, at, related, fix, fixable }: Diagnostic,
  columns: number | undefined,
): string {
  const where = `${at.file}:${at.line}:${at.column}`;
  const remedy = fixable === 'no' ? 'fix' : `fix (--fix${fixable === 'unsafe' ? '=unsafe' : ''} does it)`;
  const head = `${kleur.bold(where)}: ${COLOURS[severity](severity)}: ${message} ${kleur.dim(`[${rule}]`)}`;
  return [
    wrapped(head, columns, '    '),
    ...excerpt(report, at.file, at.line, at.column),
    ...related.map(each => wrapped(`  ${each.file}:${each.line}: ${each.message}`, columns, '    ')),
    wrapped(`  ${kleur.green(remedy)}: ${fix}`, columns, '    '),
  ].join('\n');
}

const WIDEST = 160;

function excerpt(report: FindingsReport, file: string, line: number, column: number): string[] {
  const text = report.line(file, line)?.replace(/\s+$/, '').replaceAll('\t', ' ');
  if (!text) return [];
  const number = String(line);
  const shown = text.length > WIDEST ? `${text.slice(0, WIDEST)}...` : text;
  const gutter = kleur.dim(`  ${' '.repeat(number.length)} | `);
  const marker = column <= shown.length ? [`${gutter}${' '.repeat(column - 1)}^`] : [];
  return [kleur.dim(`  ${number} | `) + shown, ...marker];
}

function summaryText(report: FindingsReport): string {
  const { files, error, warning, info } = summaryOf(report);
  const looked = files === 0 ? 'nothing to check' : `${files} ${files === 1 ? 'file' : 'files'} checked`;
  const counts = [
    [error, 'error'],
    [warning, 'warning'],
  ].map(([count, name]) => `${count} ${name}${count === 1 ? '' : 's'}`);
  return `${looked}: ${counts.join(', ')}, ${info} for information`;
}
