import { statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import kleur from 'kleur';
import { UsageError } from './exit.ts';
import { hasColour, isLive, withoutColour } from './terminal.ts';

/** The flags that every command has. */
export interface GlobalOptions {
  readonly cwd: string;
  readonly file: string;
  readonly env?: string;
  readonly format: string;
  readonly output?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly input: boolean;
}

/** What a command knows of its surroundings, and its only way to say something. */
export interface Context {
  readonly root: string;
  readonly configFile: string;
  readonly environment: string | undefined;
  readonly format: string;
  readonly verbose: boolean;
  /** Results only. */
  readonly quiet: boolean;
  /** Whether a question may be asked. */
  readonly interactive: boolean;
  /** Whether a line on stderr may be drawn over by the next. */
  readonly live: boolean;
  /** The width of the terminal that results stand on; none in a file or a pipe. */
  readonly columns: number | undefined;
  readonly version: string;
  /** Results: to stdout, or to the file of --output. */
  result(text: string): void;
  /** The one JSON document of --format json. */
  json(document: object): void;
  /** Anything else: to stderr, unless --quiet. */
  note(text: string): void;
}

export function createContext(options: GlobalOptions, version: string): Context {
  const root = folder(resolve(options.cwd), `--cwd ${options.cwd}`);
  if (options.output) folder(dirname(resolve(root, options.output)), `--output ${options.output}`);
  kleur.enabled = options.color && !options.output && hasColour(process.stdout);
  const plainNotes = !hasColour(process.stderr);
  return {
    root,
    configFile: options.file,
    environment: options.env,
    format: options.format,
    verbose: options.verbose,
    quiet: options.quiet,
    columns: options.output ? undefined : process.stdout.columns || undefined,
    live: isLive(process.stderr),
    interactive: options.input && process.stdin.isTTY === true && !process.env['CI'],
    version,
    result: text => emit(text, options),
    json: document => emit(JSON.stringify({ version: 1, ...document }, null, 2), options),
    note: text => {
      if (!options.quiet) process.stderr.write(`${plainNotes ? withoutColour(text) : text}\n`);
    },
  };
}

/** To stdout, or to the file of --output. */
export function emit(text: string, { cwd, output }: Pick<GlobalOptions, 'cwd' | 'output'>): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (output) writeFileSync(resolve(cwd, output), whole);
  else process.stdout.write(whole);
}

/** The path itself where it is a folder; otherwise an error that names what asked for one. */
export function folder(path: string, asked: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UsageError(`${asked}: there is no folder ${path}`);
}
