import { Command } from 'commander';
import { addCommand, addGlobalOptions, type Outcome } from './command.ts';
import { COMMANDS } from './commands/all.ts';
import { emit, type GlobalOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { failureOf } from './failure.ts';
import { watchInterrupts } from './interrupt.ts';

export async function run(argv: readonly string[], version: string): Promise<ExitCode> {
  const outcome: Outcome = { code: EXIT.yes };
  watchInterrupts();
  for (const stream of [process.stdout, process.stderr]) stream.on('error', lostOutput);
  const program = createProgram(version, outcome);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return outcome.code;
  } catch (error) {
    return answerFailure(error, program.opts<GlobalOptions>());
  }
}

/** A reader that left (`| head`) has seen enough, and the work goes on; a full disk is told. */
function lostOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`aideploy: the results cannot be written: ${error.message}\n`);
  process.exit(EXIT.unknown);
}

export function createProgram(version: string, outcome: Outcome): Command {
  const program = new Command('aideploy')
    .description('Takes an AI service to production from one file.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('--help behind a command says what it takes')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  addGlobalOptions(program, ['text', 'json']);
  for (const command of COMMANDS) addCommand(program, command, outcome, version);
  for (const command of program.commands) command.exitOverride();
  return program;
}

function answerFailure(error: unknown, options: GlobalOptions): ExitCode {
  const failure = failureOf(error);
  for (const line of failure.lines) process.stderr.write(`${line}\n`);
  if (options.verbose) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
  if (failure.code !== EXIT.yes && options.format === 'json') {
    const { code: exitCode, problems } = failure;
    const document = JSON.stringify({ version: 1, error: { exitCode, problems } }, null, 2);
    try {
      emit(document, options);
    } catch {
      // Where the results should have gone may itself be what is wrong.
      emit(document, { cwd: options.cwd });
    }
  }
  return failure.code;
}
