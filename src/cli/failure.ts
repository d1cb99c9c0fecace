import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit.ts';

/** An error as a command answers it: which exit code, which lines, and what JSON says. */
export interface Failure {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  readonly problems: readonly unknown[];
}

/** By name, so that no module has to be loaded only to recognise its errors. */
const CODES: Readonly<Record<string, ExitCode>> = {
  UsageError: EXIT.usage,
  AnswerError: EXIT.usage,
  ConfigError: EXIT.usage,
  TemplateError: EXIT.usage,
  Unrepresentable: EXIT.usage,
  PatchError: EXIT.usage,
  WorkspaceError: EXIT.usage,
  NoAnswerError: EXIT.unknown,
  ExitPromptError: EXIT.interrupted,
};

/** The machine said no: disk full, no permission, not found. Running the command again may work. */
const SYSTEM_ERROR = /^E[A-Z0-9]+$/;

export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError)
    return {
      code: error.exitCode === 0 ? EXIT.yes : EXIT.usage,
      lines: [],
      problems: [{ message: error.code === 'commander.help' ? 'a command is missing' : error.message }],
    };
  const {
    name = '',
    message = String(error),
    code = '',
  } = (error ?? {}) as Partial<Error & { code: string }>;
  const known = CODES[name];
  if (known === EXIT.interrupted)
    return { code: known, lines: ['aideploy: interrupted'], problems: [{ message: 'interrupted' }] };
  if (known !== undefined)
    return { code: known, lines: lines(message), problems: problemsOf(error, message) };
  if (SYSTEM_ERROR.test(code)) return { code: EXIT.unknown, lines: lines(message), problems: [{ message }] };
  const apology = `this is a bug of aideploy: ${message}`;
  return {
    code: EXIT.bug,
    lines: [...lines(apology), 'aideploy: run again with --verbose for the stack trace, and report it'],
    problems: [{ message: apology }],
  };
}

const lines = (message: string) => message.split('\n').map(line => `aideploy: ${line}`);

function problemsOf(error: unknown, message: string): readonly unknown[] {
  const { problems } = error as { problems?: readonly unknown[] };
  return problems ?? [{ message }];
}
