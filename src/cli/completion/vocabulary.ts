import type { Argument, Command, Option } from 'commander';

/** What may stand where a value is expected. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'anything' }
  /** Read from aideploy.yaml at the moment of the question. */
  | { readonly kind: 'names'; readonly of: 'environments' | 'services' };

export interface OptionWords {
  /** `-C` and `--cwd`, or only one of them. */
  readonly flags: readonly string[];
  readonly summary: string;
  /** Undefined where the option takes no value. */
  readonly values: Values | undefined;
  readonly repeatable: boolean;
}

export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** By position; the last may stand for all that follow. */
  readonly arguments: readonly { readonly values: Values; readonly variadic: boolean }[];
}

/** Everything that can be said to aideploy, for the scripts of the shells. */
export interface Vocabulary {
  readonly options: readonly OptionWords[];
  readonly commands: readonly CommandWords[];
}

/** Words that no option declares as its choices. */
export interface KnownWords {
  readonly targets: readonly string[];
  readonly presets: readonly string[];
  readonly formats: ReadonlyMap<string, readonly string[]>;
}

const FORMATS = ['text', 'json'];
const HELP: OptionWords = {
  flags: ['-h', '--help'],
  summary: 'display help for command',
  values: undefined,
  repeatable: false,
};

export function vocabularyOf(program: Command, known: KnownWords): Vocabulary {
  const everywhere = new Set(program.options.map(option => option.flags));
  const commands = program.commands.map(command => ({
    name: command.name(),
    summary: command.description(),
    options: command.options
      .filter(
        option => !option.hidden && (isOwnFormat(option, command, known) || !everywhere.has(option.flags)),
      )
      .map(option => wordsOf(option, command.name(), known)),
    arguments: command.registeredArguments.map(argument => ({
      values: valuesOf(argument, argument.name(), known),
      variadic: argument.variadic,
    })),
  }));
  const names: Values = { kind: 'words', words: commands.map(({ name }) => name) };
  const helping = { values: names, variadic: false };
  return {
    options: [
      ...program.options.filter(({ hidden }) => !hidden).map(option => wordsOf(option, '', known)),
      HELP,
    ],
    commands: [
      ...commands,
      { name: 'help', summary: 'display help for a command', options: [], arguments: [helping] },
    ],
  };
}

/** Every command takes --format, some with further words. */
const isOwnFormat = ({ long }: Option, command: Command, known: KnownWords): boolean =>
  long === '--format' && formatsOf(command.name(), known).join() !== FORMATS.join();

const formatsOf = (command: string, known: KnownWords) => known.formats.get(command) ?? FORMATS;

function wordsOf(option: Option, command: string, known: KnownWords): OptionWords {
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  const flags = [option.short, option.long].filter(flag => flag !== undefined);
  return {
    flags,
    summary: option.description,
    values: placeholder === undefined ? undefined : ofOption(option, placeholder, command, known),
    repeatable: option.parseArg !== undefined || option.variadic,
  };
}

function ofOption(option: Option, placeholder: string, command: string, known: KnownWords): Values {
  if (option.long === '--format') return { kind: 'words', words: formatsOf(command, known) };
  if (option.long === '--env') return { kind: 'names', of: 'environments' };
  if (option.long === '--preset') return { kind: 'words', words: known.presets };
  return valuesOf(option, placeholder, known);
}

function valuesOf(holder: Option | Argument, placeholder: string, known: KnownWords): Values {
  if (holder.argChoices) return { kind: 'words', words: holder.argChoices };
  switch (placeholder) {
    case 'dir':
      return { kind: 'folders' };
    case 'file':
    case 'path':
      return { kind: 'files' };
    case 'target':
      return { kind: 'words', words: known.targets };
    case 'service':
      return { kind: 'names', of: 'services' };
    default:
      return { kind: 'anything' };
  }
}
