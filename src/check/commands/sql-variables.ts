import { optionValues } from '../../artifacts/shell/script.ts';
import type { Statement } from '../../artifacts/sql/statements.ts';
import type { Context } from '../context.ts';
import { type Call, callsOf } from '../scripts.ts';

/** What psql knows a variable by; nothing where two values are possible. */
export type Variables = ReadonlyMap<string, string>;

/** `\set name 'value'`; what a program prints is not known. https://www.postgresql.org/docs/current/app-psql.html */
const SET = /^\\set (\w+) (?:'([^']*)'|([\w.-]+))$/;

/** The statements with the names and strings that their variables are worth. */
export function withVariables(list: readonly Statement[], given: Variables): readonly Statement[] {
  const own = list.flatMap(({ text }) => {
    const [, name, quoted, plain] = SET.exec(text) ?? [];
    return name ? [[name, quoted ?? plain ?? ''] as const] : [];
  });
  const open = list.flatMap(({ text }) => (SET.test(text) ? [] : (/^\\set (\w+)/.exec(text)?.[1] ?? [])));
  const known = certain([...given, ...own]);
  for (const name of open) known.delete(name);
  return known.size === 0 ? list : list.map(each => filled(each, known));
}

function filled(statement: Statement, known: Variables): Statement {
  const value = (whole: string, name: string, around: string) => {
    const found = known.get(name);
    return found === undefined ? whole : `${around}${found}${around}`;
  };
  const named = statement.text
    .replace(/(?<!:):"(\w+)"/g, (whole, name) => value(whole, name, '"'))
    .replace(/(?<!:):'(\w+)'/g, (whole, name) => value(whole, name, "'"));
  // In strings and bodies psql fills in nothing.
  const text = /['$]/.test(named)
    ? named
    : named.replace(/(?<![:\w]):([A-Za-z_]\w*)/g, (whole, name) => value(whole, name, ''));
  return text === statement.text ? statement : { ...statement, text, words: wordsOf(text) };
}

const wordsOf = (text: string): readonly string[] =>
  text
    .toUpperCase()
    .split(/[\s(),;]+/)
    .filter(Boolean);

/** What is said once, or always the same. */
function certain(pairs: readonly (readonly [string, string])[]): Map<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, value] of pairs) {
    if (found.has(name) && found.get(name) !== value) twice.add(name);
    found.set(name, value);
  }
  for (const name of twice) found.delete(name);
  return found;
}

/** `-v name=value` of one call. */
export const setBy = ({ command }: Pick<Call, 'command'>): Variables =>
  certain(
    optionValues(command, '-v', '--set', '--variable').flatMap(({ value }) => {
      const [, name, text] = /^(\w+)=(.*)$/s.exec(value ?? '') ?? [];
      return name ? [[name, text ?? ''] as const] : [];
    }),
  );

/** What the calls that read a file say, by the last part of its path. */
export function setFor(context: Context, path: string): Variables {
  const file = path.split('/').at(-1);
  const calls = callsOf(context, 'psql').filter(({ command }) =>
    optionValues(command, '-f', '--file').some(({ value }) => value?.split('/').at(-1) === file),
  );
  return certain(calls.flatMap(call => [...setBy(call)]));
}
