import { readdir, readFile } from 'node:fs/promises';
import { command } from '../../exec/command.ts';
import { type Limits, type Outcome, run } from '../../exec/run.ts';

/** A Windows machine: paths are as Windows writes them. */
export interface Site {
  /** What is in a folder; nothing where there is none. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  read(file: string): Promise<string | undefined>;
  /** A batch file with its arguments, and variables for what an argument cannot hold. */
  run(
    file: string,
    args: readonly string[],
    limits: Limits,
    env?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
}

/** This machine, where it is one. */
export const thisWindows: Site = {
  list: folder => readdir(folder).catch(() => []),
  read: file => readFile(file, 'utf8').catch(() => undefined),
  run: (file, args, limits, env) => run({ ...command(file, ...args), ...(env && { env }) }, limits),
};
