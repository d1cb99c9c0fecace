import { type Command, Option } from 'commander';
import { type Context, createContext, type GlobalOptions } from './context.ts';
import { type ExitCode, UsageError } from './exit.ts';

export type Action<Options> = (
  context: Context,
  args: readonly string[],
  options: Options,
) => Promise<ExitCode>;

/** Where a command leaves its exit code, since commander's actions return nothing. */
export interface Outcome {
  code: ExitCode;
}

/** One command as its file declares it. */
export interface Declaration {
  readonly name: string;
  readonly summary: string;
  readonly formats?: readonly string[];
  /** Arguments, options and examples. */
  declare(command: Command): void;
  /** Loaded on use: a command pays only for what it needs. */
  action: Action<never>;
}

export function addCommand(
  program: Command,
  declaration: Declaration,
  outcome: Outcome,
  version: string,
): void {
  const command = program.command(declaration.name).description(declaration.summary);
  const formats = declaration.formats ?? ['text', 'json'];
  declaration.declare(command);
  addGlobalOptions(command, formats);
  command.action(async (...all: unknown[]) => {
    // The program's own parser takes these wherever they stand; a command's copy is there for its help.
    const options = { ...command.opts(), ...program.opts<GlobalOptions>() };
    if (!formats.includes(options.format))
      throw new UsageError(`--format ${options.format}: ${declaration.name} knows ${formats.join(', ')}`);
    const context = createContext(options, version);
    const args = all
      .slice(0, -2)
      .flat()
      .filter((arg): arg is string => typeof arg === 'string');
    outcome.code = await declaration.action(context, args, options as never);
  });
}

/** Known before and after the command's name: commander lets a program take its own options anywhere. */
export function addGlobalOptions(command: Command, formats: readonly string[]): void {
  const options: Option[] = [
    new Option('-C, --cwd <dir>', 'the project').default('.'),
    new Option('-f, --file <file>', 'the configuration, from there').default('aideploy.yaml'),
    new Option('-e, --env <name>', 'the environment'),
    new Option('--format <name>', `how results are written: ${formats.join(', ')}`).default('text'),
    new Option('--output <file>', 'where results are written instead of stdout'),
    new Option('-q, --quiet', 'results only').default(false),
    new Option('-v, --verbose', 'more, and stack traces').default(false),
    new Option('--no-color', 'plain text (also NO_COLOR)'),
    new Option('--no-input', 'never ask'),
  ];
  for (const option of options) command.addOption(option.helpGroup('For every command:'));
}
