import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ResultPromise } from 'execa';
import { BoundedOutput } from './bounded.ts';
import { type Command, redact } from './command.ts';

export interface Limits {
  /** Milliseconds; a command that takes longer is stopped. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Bytes kept of stdout and of stderr each; the middle of more is left out. */
  readonly output?: number;
}

/** How a command ended. Only `ok` and `failed` are answers of the program itself. */
export interface Outcome {
  readonly status: 'ok' | 'failed' | 'missing' | 'unusable' | 'timeout' | 'cancelled' | 'killed';
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly durationMs: number;
  /** One line for a person, with no secret of the command in it. */
  readonly message: string;
}

const DEFAULTS = { timeout: 60_000, output: 1024 * 1024 };
/** What a stopped program gets to clean up before it is killed. */
const TO_CLEAN_UP = 2_000;
/** A child that outlives its program may hold the pipes open for ever: nobody waits longer for it. */
const TO_DRAIN = 250;

/** Runs a command without a shell. Never throws for what the command does: the outcome says it. */
export async function run(command: Command, limits: Limits = {}): Promise<Outcome> {
  const { timeout, signal, output } = { ...DEFAULTS, ...limits };
  const stdout = new BoundedOutput(output);
  const stderr = new BoundedOutput(output);
  if ([command.program, ...command.args].some(word => word.includes('\0'))) return unpassable(command);
  // Loaded on use: many commands run nothing.
  const { execa } = await import('execa');
  const started = performance.now();
  const child = execa(command.program, [...command.args], {
    ...(command.env && { env: { ...command.env } }),
    ...(command.cwd !== undefined && { cwd: command.cwd }),
    ...(command.stdin === undefined ? { stdin: 'ignore' as const } : { input: command.stdin }),
    ...(signal && { cancelSignal: signal }),
    timeout,
    buffer: false,
    reject: false,
    windowsHide: true,
    forceKillAfterDelay: TO_CLEAN_UP,
  });
  child.stdout?.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk));
  child.once('exit', () => releasePipes(child));
  const result = await child;
  return {
    ...(await ending(command, result, timeout)),
    exitCode: result.exitCode,
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    truncated: stdout.truncated || stderr.truncated,
    durationMs: Math.round(performance.now() - started),
  };
}

/** A program's input and output as one stream, for what is spoken through it. They end with each other. */
export async function pipe({ program, args }: Command): Promise<Duplex> {
  const { execa } = await import('execa');
  return execa(program, [...args], { buffer: false, stderr: 'ignore', windowsHide: true }).duplex();
}

const unpassable = ({ program, secrets }: Command): Outcome => ({
  status: 'unusable',
  exitCode: undefined,
  stdout: '',
  stderr: '',
  truncated: false,
  durationMs: 0,
  message: `${redact(program, secrets)} could not be run: a NUL cannot be passed to a program`,
});

type Child = Pick<ResultPromise, 'stdout' | 'stderr'>;

function releasePipes({ stdout, stderr }: Child): void {
  setTimeout(() => {
    stdout?.destroy();
    stderr?.destroy();
  }, TO_DRAIN).unref();
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly code?: string | undefined;
  readonly shortMessage?: string | undefined;
  readonly cause?: unknown;
}

async function ending(
  command: Command,
  result: Ended,
  timeout: number,
): Promise<Pick<Outcome, 'status' | 'message'>> {
  const program = redact(command.program, command.secrets);
  if (result.timedOut) return { status: 'timeout', message: `${program} did not end within ${timeout} ms` };
  if (result.isCanceled) return { status: 'cancelled', message: `${program} was cancelled` };
  if (result.signal !== undefined)
    return { status: 'killed', message: `${program} was ended by ${result.signal}` };
  if (result.exitCode === 0) return { status: 'ok', message: `${program} succeeded` };
  if (result.exitCode !== undefined)
    return { status: 'failed', message: `${program} ended with exit code ${result.exitCode}` };
  return notStarted(command, program, result);
}

/** ENOENT is the program's or the folder's: they have different remedies. */
async function notStarted(
  command: Command,
  program: string,
  result: Ended,
): Promise<Pick<Outcome, 'status' | 'message'>> {
  if (command.cwd !== undefined && !(await isFolder(command.cwd)))
    return { status: 'unusable', message: `${redact(command.cwd, command.secrets)} is no folder to run in` };
  if (result.code === 'ENOENT') return { status: 'missing', message: `${program}: no such program` };
  if (result.code === 'EACCES')
    return { status: 'unusable', message: `${program} is there and may not be executed` };
  const cause = result.cause instanceof Error ? result.cause.message : (result.shortMessage ?? 'unknown');
  return { status: 'unusable', message: `${program} could not be run: ${redact(cause, command.secrets)}` };
}

const isFolder = (path: string) =>
  stat(path).then(
    entry => entry.isDirectory(),
    () => false,
  );

/** Where a program is, without running it: for programs that nobody knows to be harmless. */
export async function findProgram(program: string, cwd = '.'): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const bases = /[/\\]/.test(program)
    ? [resolve(cwd, program)]
    : folders.map(folder => join(folder, program));
  const endings =
    process.platform === 'win32' ? ['', ...(process.env['PATHEXT'] ?? '.EXE').split(';')] : [''];
  for (const path of bases.flatMap(base => endings.map(ending => base + ending)))
    if (await isExecutable(path)) return path;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
