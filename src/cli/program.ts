import { Command } from 'commander';
import { addCommand, addGlobalOptions, type Outcome } from './command.ts';
import { COMMANDS } from './commands/all.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { failureOf } from './failure.ts';

export async function run(argv: readonly string[], version: string): Promise<ExitCode> {
  const outcome: Outcome = { code: EXIT.yes };
  process.once('SIGINT', () => {
    process.stderr.write('aideploy: interrupted\n');
    process.exit(EXIT.interrupted);
  });
  try {
    await createProgram(version, outcome).parseAsync([...argv], { from: 'user' });
    return outcome.code;
  } catch (error) {
    return answerFailure(error, argv);
  }
}

export function createProgram(version: string, outcome: Outcome): Command {
  const program = new Command('aideploy')
    .description('Takes an AI service to production from one file.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  addGlobalOptions(program, ['text', 'json']);
  for (const command of COMMANDS) addCommand(program, command, outcome, version);
  for (const command of program.commands) command.exitOverride();
  return program;
}

function answerFailure(error: unknown, argv: readonly string[]): ExitCode {
  const failure = failureOf(error);
  for (const line of failure.lines) process.stderr.write(`${line}\n`);
  if (argv.includes('--verbose') || argv.includes('-v'))
    process.stderr.write(`${(error as Error).stack ?? ''}\n`);
  const format = argv[argv.indexOf('--format') + 1];
  if (
    failure.code !== EXIT.yes &&
    (argv.includes('--format=json') || (argv.includes('--format') && format === 'json'))
  )
    process.stdout.write(
      `${JSON.stringify({ version: 1, error: { exitCode: failure.code, problems: failure.problems } }, null, 2)}\n`,
    );
  return failure.code;
}
