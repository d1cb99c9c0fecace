import type { Text } from '../text.ts';

export interface Word {
  /** What the command gets; undefined where a part of it is only known when it runs. */
  readonly value: string | undefined;
  readonly raw: string;
  /** Variables in it, and which of them stand outside of any quotes. */
  readonly variables: readonly Variable[];
  readonly start: number;
  readonly end: number;
}

export interface Variable {
  readonly name: string;
  readonly quoted: boolean;
  /** `:-`, `:?`, `-`, …: what is done where it is not set. */
  readonly operator?: string;
  readonly fallback?: string;
  readonly start: number;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word | undefined;
  readonly exported: boolean;
  /** For one command only: `A=1 command`. */
  readonly temporary: boolean;
  /** In which function it stands; undefined in the script itself. */
  readonly within: string | undefined;
  readonly start: number;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<`, `<<<`, `&>`. */
  readonly operator: string;
  readonly target: Word | undefined;
  readonly heredoc: Text | undefined;
}

export interface Command {
  /** The command and its arguments. */
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** Its place in a pipe, and how many stand in it. */
  readonly pipe: { readonly index: number; readonly of: number };
  /** Somebody looks at how it ends: `if`, `while`, `!`, `&&`, `||`. */
  readonly tested: boolean;
  /** `command || …`: what follows a failure, as written. */
  readonly otherwise: string | undefined;
  readonly background: boolean;
  readonly within: string | undefined;
  /** In `$( … )`. */
  readonly substituted: boolean;
  readonly start: number;
  readonly end: number;
}

export interface Script {
  readonly shebang: string | undefined;
  /** In the order of the text. */
  readonly commands: readonly Command[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly string[];
}

/** The value of a word: what a rule compares. */
export const valueAt = (command: Command, index: number): string | undefined => command.words[index]?.value;

/** `docker` of `/usr/bin/docker`. */
export const nameOf = (command: Command): string => lastPart(valueAt(command, 0) ?? '');

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Dozens of rules ask it of every command. */
const bare = new WeakMap<Command, Command>();

/** Without what only says as whom or how it is run: sudo, env, time, nohup, exec. */
export function unwrapped(command: Command): Command {
  const known = bare.get(command);
  if (known) return known;
  const made = withoutWrappers(command);
  bare.set(command, made);
  return made;
}

function withoutWrappers(command: Command): Command {
  let words = command.words;
  for (;;) {
    const name = lastPart(words[0]?.value ?? '');
    if (name === 'sudo' || name === 'doas') words = afterOptions(words, /^-[ugCDhprTU]$/);
    else if (name === 'exec' || name === 'nohup' || name === 'command' || name === 'time')
      words = afterOptions(words, /^-[afo]$/);
    else if (name === 'env') words = afterOptions(words, /^-[uCS]$/);
    else return words === command.words ? command : { ...command, words };
  }
}

function afterOptions(words: readonly Word[], valued: RegExp): readonly Word[] {
  let i = 1;
  while (i < words.length) {
    const text = words[i]?.value ?? words[i]?.raw ?? '';
    if (valued.test(text)) i += 2;
    else if (text.startsWith('-') || /^\w+=/.test(text)) i++;
    else break;
  }
  return words.slice(i);
}

/** Of options that take a value: `-p 80:80`, `--publish=80:80`, `-p80:80`. */
export function optionValues(command: Command, ...names: readonly string[]): readonly Word[] {
  return command.words.flatMap((word, i): Word[] => {
    const text = word.value ?? word.raw;
    for (const name of names) {
      const next = command.words[i + 1];
      if (text === name && next) return [next];
      if (name.startsWith('--') && text.startsWith(`${name}=`)) return [cut(word, name.length + 1)];
      if (/^-\w$/.test(name) && text.startsWith(name) && text.length > 2 && !text.startsWith('--'))
        return [cut(word, 2)];
    }
    return [];
  });
}

const cut = (word: Word, length: number): Word => ({
  ...word,
  ...(word.value === undefined
    ? { value: undefined }
    : { value: word.value.slice(length).replace(/^=/, '') }),
  raw: word.raw.slice(length),
  start: word.start + length,
});

export const hasOption = (command: Command, ...names: readonly string[]): boolean =>
  command.words.some(word => names.some(name => word.raw === name || word.raw.startsWith(`${name}=`)));
