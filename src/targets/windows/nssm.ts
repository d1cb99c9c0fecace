import { cmdWord } from '../../render/escape/cmd.ts';
import { refuse } from '../../render/unrepresentable.ts';
import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import { changed, isOneLine, type Known, written } from './place.ts';
import { commandLine, nssmCommandLine, nssmValue, PERCENT } from './quoting.ts';

/**
 * Of cmd's 8191 characters, the rest is for the command itself and the folder's name.
 * https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
 */
const LONGEST_LINE = 7_000;
/** What NSSM 2.24 reads of its AppParameters, less what the version may add. */
const LONGEST_PARAMETERS = 16_000;
/** Of a variable, also with what stands for `%` in it: https://learn.microsoft.com/windows/win32/procthread/environment-variables */
const LONGEST_VARIABLE = 32_767;
/** A version is no longer than a tag of an image. */
const LONGEST_VERSION = 128;
/** Two spaces before a variable's line, a space and a caret behind it. */
const AROUND = 4;

/**
 * What NSSM is told on command lines of cmd: arguments and variables. What no such line can say, or not hold any
 * more, environment.ps1 adds: `texts` and `textParameters`.
 */
export function nssmSettings(command: Command, known: Environment['known']) {
  const parameters = nssmCommandLine(command.words);
  if (plain(parameters).length > LONGEST_PARAMETERS)
    refuse('windows', plain(parameters), `NSSM reads ${LONGEST_PARAMETERS} characters of arguments`);
  const sayable = isOneLine(parameters) && spoken(parameters) <= LONGEST_LINE;
  const [lines, texts] = apart(known.map(({ name, value }) => [`${name}=`, ...changed(value, nssmValue)]));
  return {
    commandLine: written(commandLine(command.words)),
    parameters: sayable ? written(parameters) : '',
    textParameters: sayable ? undefined : written(parameters),
    // The percent sign's own variable comes first, since NSSM knows only those before.
    environment: [`${PERCENT}=%`, ...lines.flatMap(entries).map(written)],
    texts: texts.flatMap(entries).map(written),
  };
}

/**
 * NSSM 2.24 passes over whatever follows a variable without a value: the same once more, so that nothing is lost
 * and nothing is read behind the last.
 */
const entries = (variable: Known): Known[] => (isEmpty(variable) ? [variable, variable] : [variable]);

const isEmpty = ([, ...value]: Known): boolean => plain(value) === '';

/** Those that one command line holds, and the others. */
function apart(variables: readonly Known[]): [Known[], Known[]] {
  const lines: Known[] = [];
  const texts: Known[] = [];
  let room = LONGEST_LINE;
  for (const variable of variables) {
    if (plain(variable).length >= LONGEST_VARIABLE)
      refuse('windows', plain(variable), `Windows holds ${LONGEST_VARIABLE} characters of a variable`);
    const length = isOneLine(variable) ? entries(variable).length * (spoken(variable) + AROUND) : Infinity;
    if (length <= room) {
      lines.push(variable);
      room -= length;
    } else texts.push(variable);
  }
  return [lines, texts];
}

const plain = (known: Known): string => known.map(piece => piece ?? 'v'.repeat(LONGEST_VERSION)).join('');

/** How long a batch file says it. */
const spoken = (known: Known): number => cmdWord(plain(known)).length;
