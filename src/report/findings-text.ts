import kleur from 'kleur';
import type { Diagnostic } from '../check/run.ts';
import { type FindingsReport, summaryOf } from './findings.ts';
import { wrapped } from './wrapped.ts';

const COLOURS = { error: kleur.red, warning: kleur.yellow, info: kleur.cyan } as const;

/** For people: each finding with its line, what it rests on and what to do; `columns` is a terminal's width. */
export function findingsText(report: FindingsReport, columns?: number): string {
  const isLong = report.findings.length > MANY;
  const told = new Set<string>();
  const parts = report.findings.map(finding => {
    const known = isLong && told.has(finding.fix);
    told.add(finding.fix);
    return findingText(report, finding, columns, known);
  });
  const notes = notesOf(report).map(note => kleur.dim(note));
  const overview = isLong ? `\n${overviewOf(report, columns)}` : '';
  return [...parts, ...(notes.length > 0 ? [notes.join('\n')] : []), summaryText(report) + overview].join(
    '\n\n',
  );
}

/** More than fit on a screen: each remedy is told once, and the end says what there is most of. */
const MANY = 20;

const SEVERITIES = [
  ['error', 'errors'],
  ['warning', 'warnings'],
  ['info', 'for information'],
] as const;

function overviewOf({ findings }: FindingsReport, columns: number | undefined): string {
  const lines = SEVERITIES.flatMap(([severity, title]) => {
    const counts = new Map<string, number>();
    for (const { rule } of findings.filter(each => each.severity === severity))
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const listed = [...counts].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${count} ${rule}`);
    return listed.length === 0
      ? []
      : [wrapped(`  ${COLOURS[severity](title)}: ${listed.join(', ')}`, columns, '    ')];
  });
  const more =
    '`aideploy explain RULE` says why; --rule RULE shows one alone; --baseline FILE keeps to what is new';
  return [...lines, wrapped(kleur.dim(more), columns, '  ')].join('\n');
}

/** Files of one folder that were left out for one reason are one note. */
function notesOf({ skipped }: FindingsReport): string[] {
  const groups = new Map<string, string[]>();
  for (const { file, reason } of skipped) {
    const key = `${file.slice(0, file.lastIndexOf('/') + 1)}\0${reason}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups].flatMap(([key, files]) => {
    const [folder, reason] = key.split('\0');
    return files.length > FEW
      ? [`${folder || './'}: ${files.length} files not checked: ${reason}`]
      : files.map(file => `${file}: not checked: ${reason}`);
  });
}

const FEW = 3;

function findingText(
  report: FindingsReport,
  { rule, severity, message, at, related, fix, fixable }: Diagnostic,
  columns: number | undefined,
  known: boolean,
): string {
  const where = `${at.file}:${at.line}:${at.column}`;
  const remedy = fixable === 'no' ? 'fix' : `fix (--fix${fixable === 'unsafe' ? '=unsafe' : ''} does it)`;
  const head = `${kleur.bold(where)}: ${COLOURS[severity](severity)}: ${message} ${kleur.dim(`[${rule}]`)}`;
  return [
    wrapped(head, columns, '    '),
    ...excerpt(report, at.file, at.line, at.column),
    ...related.map(each => wrapped(`  ${each.file}:${each.line}: ${each.message}`, columns, '    ')),
    ...(known ? [] : [wrapped(`  ${kleur.green(remedy)}: ${fix}`, columns, '    ')]),
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
