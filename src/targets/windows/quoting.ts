import { argument } from '../../render/escape/cmd.ts';
import type { Known } from './place.ts';

/** The variable by which a `%` reaches a program that NSSM starts. */
export const PERCENT = 'AIDEPLOY_PERCENT';

/** What stands for the version while its surroundings are quoted; no configuration holds it. */
const MARK = '\uf8ff';

/** Words as one command line, each quoted for the program's start code. */
export const commandLine = (words: readonly Known[]): Known => joined(words, argument);

/**
 * As `commandLine`, and safe from NSSM, which replaces `%NAME%` in a program's parameters: a name that begins
 * and ends with a quote is nobody's, and between quoted texts a quote says nothing to the program.
 */
export const nssmCommandLine = (words: readonly Known[]): Known =>
  joined(words, text =>
    (text.match(/%/g) ?? []).length < 2
      ? argument(text)
      : (text.match(/%+|[^%]+/g) ?? []).map(run => (run.startsWith('%') ? run : argument(run))).join(''),
  );

/** A value of AppEnvironmentExtra, in which NSSM replaces `%NAME%` by variables that stand before it. */
export const nssmValue = (text: string): string =>
  (text.match(/%/g) ?? []).length < 2 ? text : text.replaceAll('%', `%${PERCENT}%`);

function joined(words: readonly Known[], quote: (text: string) => string): Known {
  const line = words.map(word => quote(word.map(piece => piece ?? MARK).join(''))).join(' ');
  return line.split(MARK).flatMap((text, i) => (i === 0 ? [text] : [undefined, text]));
}
