import kleur from 'kleur';
import type { Rule } from '../check/rule.ts';
import { wrapped } from './wrapped.ts';

const FIXABLE = {
  safe: 'aideploy check --fix does it.',
  unsafe: 'aideploy check --fix=unsafe does it: look at what it changed.',
  no: undefined,
} as const;

/** What `explain` says of a rule; `columns` is a terminal's width. */
export function ruleText(
  { id, severity, title, why, fix, fixable, example }: Rule,
  docs: string,
  columns?: number,
): string {
  const severities = typeof severity === 'string' ? severity : severity.join(' or ');
  const indented = (text: string) =>
    text
      .split('\n')
      .map(line => `  ${line}`)
      .join('\n');
  const prose = (text: string) => wrapped(text, columns);
  return [
    prose(`${kleur.bold(id)} (${severities}): ${title}`),
    prose(why),
    prose([fix, FIXABLE[fixable]].filter(text => text !== undefined).join(' ')),
    `${kleur.red('Not so:')}\n${indented(example.bad)}`,
    `${kleur.green('But so:')}\n${indented(example.good)}`,
    prose(
      `Accepted in one place: ${kleur.dim(`aideploy-ignore ${id} <reason>`)} in a comment on the line or above it; in aideploy.yaml under check.ignore.`,
    ),
    docs,
  ].join('\n\n');
}
