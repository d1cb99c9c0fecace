/** Windows programs under Wine for tests: a prefix of the file's own, scripts as rendered, the real NSSM. */
import { execFile, execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import { cmdWord } from '../../src/render/escape/cmd.ts';

const WINE = fileURLToPath(new URL('wine', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly output: string;
}

export class Wine {
  readonly prefix = mkdtempSync(join(tmpdir(), 'aideploy-wine-'));
  readonly #env = { ...process.env, WINE_PREFIX: this.prefix };

  constructor() {
    execFileSync(WINE, ['up'], { env: this.#env, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Ends every program of this prefix, and no other. */
  close(): void {
    execFileSync(WINE, ['down'], { env: this.#env });
    rmSync(this.prefix, { recursive: true, force: true });
  }

  /** The place on this machine of a path such as `C:\x y`. */
  path(windows: string): string {
    return join(this.prefix, 'drive_c', ...windows.slice(3).split('\\'));
  }

  /** A batch file with its arguments and variables; stand-ins come first on PATH. */
  async script(
    file: string,
    args: readonly string[] = [],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const words = [file, ...args].map(cmdWord).join(' ');
    // By a file of its own, since cmd reads the quotes of its command line in several ways.
    this.write('C:\\call.cmd', `@echo off\r\ncall ${words}\r\nexit /b %errorlevel%\r\n`);
    const call = () => this.#run(variables, ['cmd', '/c', 'C:\\call.cmd']);
    const ran = await call();
    // On a busy machine Wine's cmd now and then starts a program not at all; a rerun finishes what a script began.
    return /^Can't recognize '"C:/m.test(ran.output) ? call() : ran;
  }

  run(...command: readonly string[]): Promise<Ran> {
    return this.#run({}, command);
  }

  #run(variables: Readonly<Record<string, string>>, command: readonly string[]): Promise<Ran> {
    const env = { ...this.#env, WINEPATH: 'C:\\standins', ...variables };
    return new Promise(done => {
      execFile(WINE, ['run', ...command], { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        done({
          code: error ? Number(error.code ?? 1) : 0,
          output: `${stdout}${stderr}`.replaceAll('\0', ''),
        }),
      );
    });
  }

  /** Rendered files into a folder, by their names. */
  place(folder: string, artifacts: readonly Artifact[]): void {
    for (const { path, content } of artifacts) this.write(`${folder}\\${path.split('/').at(-1)}`, content);
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content);
  }

  read(file: string): string {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : '';
  }

  /** A program of fixtures/windows, or nssm.exe. */
  copy(name: string, file: string): void {
    const source = name === 'nssm' ? ask('nssm') : join(ask('tools'), `${name}.exe`);
    mkdirSync(dirname(this.path(file)), { recursive: true });
    copyFileSync(source, this.path(file));
  }
}

const ask = (what: string): string => execFileSync(WINE, [what], { encoding: 'utf8' }).trim();
