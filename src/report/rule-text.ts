import kleur from 'kleur';
import type { Rule } from '../check/rule.ts';

const FIXABLE = {
  safe: 'aideploy check --fix does it.',
  unsafe: 'aideploy check --fix=unsafe does it: look at what it changed.',
  no: undefined,
} as const;

/** What `explain` says of a rule. */
export function ruleText({ id, severity, title, why, fix, fixable, example }: Rule, docs: string): string {
  const severities = typeof severity === 'string' ? severity : severity.join(' or ');
  const indented = (text: string) =>
    text
      .split('\n')
      .map(line => `  ${line}`)
      .join('\n');
  return [
    `${kleur.bold(id)} (${severities}): ${title}`,
    why,
    [fix, FIXABLE[fixable]].filter(text => text !== undefined).join(' '),
    `${kleur.red('Not so:')}\n${indented(example.bad)}`,
    `${kleur.green('But so:')}\n${indented(example.good)}`,
    `Accepted in one place: ${kleur.dim(`aideploy-ignore ${id} <reason>`)} in a comment on the line or above it; in aideploy.yaml under check.ignore.`,
    docs,
  ].join('\n\n');
}
