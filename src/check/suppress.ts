import { kindOf } from '../artifacts/kinds.ts';
import type { Recognised } from '../artifacts/recognise.ts';
import type { Place, Text } from '../artifacts/text.ts';

/** Somebody's decision that a finding is accepted. */
export interface Suppression {
  /** A rule, or a group of rules. */
  readonly rule: string;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: string | undefined;
  /** The comment itself. */
  readonly at: Place;
  /** What it covers: two lines, or all of the file. */
  readonly covers: { readonly file: string; readonly lines: readonly number[] | 'all' };
}

const MARK = 'aideploy-ignore';

/** Comments of the set that accept a finding. */
export function suppressionsIn({
  documents,
  texts,
}: Pick<Recognised, 'documents' | 'texts'>): readonly Suppression[] {
  return texts
    .filter(text => text.content.includes(MARK))
    .flatMap(text => {
      const kinds = documents
        .filter(each => each.text.file === text.file)
        .map(each => kindOf(each.kind).comment);
      const leaders = [...new Set([...kinds.flatMap(leader => leader ?? []), '<!--'])];
      return inText(text, leaders);
    });
}

function inText(text: Text, leaders: readonly string[]): readonly Suppression[] {
  const lines = text.content.split('\n');
  const isComment = (line: string) =>
    leaders.some(leader => line.trimStart().toLowerCase().startsWith(leader));
  const firstCode = lines.findIndex(line => line.trim() !== '' && !isComment(line) && !line.startsWith('#!'));
  return lines.flatMap((line, i): Suppression[] => {
    const column = line.indexOf(MARK);
    if (column === -1) return [];
    const before = line.slice(0, column).trimEnd().toLowerCase();
    if (!leaders.some(leader => before.endsWith(leader))) return [];
    const [rule = '', ...words] = line
      .slice(column + MARK.length)
      .replace(/-->.*$/, '')
      .trim()
      .split(/\s+/);
    const rest = words.join(' ');
    const until = /\buntil[ =:](\d{4}-\d{2}-\d{2})\b/.exec(rest)?.[1];
    const whole = i < firstCode && isComment(line);
    return [
      {
        rule,
        reason: rest.replace(/\(?\buntil[ =:]\d{4}-\d{2}-\d{2}\)?/, '').trim(),
        until,
        at: { file: text.file, line: i + 1, column: column + 1 },
        covers: { file: text.file, lines: whole ? 'all' : [i + 1, i + 2] },
      },
    ];
  });
}

/** Whether it is in force: with a reason, of a rule that there is, and not past its day. */
export function faultOf(
  { rule, reason, until }: Suppression,
  rules: readonly string[],
  today: string,
): string | undefined {
  if (!rules.some(id => covers(rule, id))) return `no rule ${rule || '(none named)'}: nothing is ignored`;
  if (reason === '') return `${rule} is ignored without a reason: say why, or it stays a finding`;
  return until !== undefined && until < today
    ? `${rule} was to be ignored until ${until}, which is past`
    : undefined;
}

/** A rule by its id, or by its group. */
export const covers = (name: string, id: string): boolean => name === id || id.startsWith(`${name}/`);

export const isSuppressed = (suppression: Suppression, rule: string, at: Place): boolean =>
  covers(suppression.rule, rule) &&
  suppression.covers.file === at.file &&
  (suppression.covers.lines === 'all' || suppression.covers.lines.includes(at.line));
