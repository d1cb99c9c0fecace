import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from '../cleanup.ts';
import { lastingly, OF_FILES, type Order } from './lasting.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Given {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
}

/** The built program as a user runs it: no terminal, nothing on its input. */
export function aideploy(args: readonly string[], { cwd = ROOT, env, stdin }: Given = {}): Promise<Answer> {
  const order = { args, cwd, env: { ...process.env, NO_COLOR: '1', ...env } };
  const isOfFiles = stdin === undefined && OF_FILES.includes(args[0] ?? '');
  return isOfFiles ? lastingly(order) : apart(order, stdin);
}

/** In a process of its own. */
export function apart({ args, cwd, env }: Order, stdin = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/aideploy.js'), ...args], { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', chunk => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', chunk => (stderr += chunk));
    child.stdin.on('error', () => {}).end(stdin);
    child.on('error', reject).on('close', code => resolve({ code, stdout, stderr }));
  });
}

/** A folder of its own, with these files in it, that is gone when the tests are done. */
export async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-test-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export async function projectFrom(source: string): Promise<string> {
  const folder = await project();
  await cp(join(ROOT, source), folder, { recursive: true, filter: path => !path.includes('node_modules') });
  return folder;
}

export const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8');

export const MINIMAL = `version: 1
name: chat
services:
  api:
    language: node
    build: {main: src/server.js}
    port: 3000
    health: {live: /health/live, ready: /health/ready}
`;
