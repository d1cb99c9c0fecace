// Builds, starts and stops the services. Tests that deploy them use the same builds.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(homedir(), '.cache', 'aideploy-tests');

export const folder = (service: string): string => join(here, service);

/** Every command of a Go service as a static binary; the answer is the folder that holds them. */
export async function buildGo(service: string, version = 'dev'): Promise<string> {
  const out = await temporaryFolder(`aideploy-${service}-`);
  const packages = existsSync(join(folder(service), 'cmd')) ? './cmd/...' : '.';
  const ldflags = `-s -w -X main.version=${version} -X main.commit=abc1234 -X main.buildTime=2026-01-02T03:04:05Z`;
  await run(['go', 'build', '-trimpath', '-ldflags', ldflags, '-o', `${out}/`, packages], {
    cwd: folder(service),
    env: { CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
  });
  return out;
}

/** A virtual environment with the Python service's requirements; the answer is its bin folder. */
export async function pythonEnvironment(): Promise<string> {
  const requirements = join(folder('python'), 'requirements.txt');
  const venv = await cached('venv', [requirements], async path => {
    await run(['python3', '-m', 'venv', path]).catch(cause => {
      throw new Error('python3 cannot make virtual environments: install python3-venv', { cause });
    });
    const pip = [join(path, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check'];
    await run([...pip, '-r', requirements]);
  });
  return join(venv, 'bin');
}

/** A copy of the Node service with its dependencies; the answer is its folder. */
export async function installNode(): Promise<string> {
  const manifests = ['package.json', 'package-lock.json'].map(name => join(folder('node'), name));
  const installed = await cached('node', manifests, async path => {
    await mkdir(path, { recursive: true });
    for (const manifest of manifests) await cp(manifest, join(path, manifest.slice(folder('node').length)));
    await run(['npm', 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: path });
  });
  const copy = await temporaryFolder('aideploy-node-');
  await cp(join(folder('node'), 'src'), join(copy, 'src'), { recursive: true });
  await cp(join(folder('node'), 'package.json'), join(copy, 'package.json'));
  await symlink(join(installed, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Makes something slow once for each content of `inputs`, also when several test files want it at a time. */
async function cached(
  name: string,
  inputs: string[],
  make: (path: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(await readFile(input));
  const path = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  const complete = join(path, '.complete');
  const lock = `${path}.lock`;
  await mkdir(cache, { recursive: true });
  while (!existsSync(complete)) {
    if (
      !(await mkdir(lock).then(
        () => true,
        () => false,
      ))
    ) {
      // A lock that was left behind by a killed run would hold up every later one.
      const age = await stat(lock).then(
        found => Date.now() - found.mtimeMs,
        () => 0,
      );
      if (age > 300_000) await rm(lock, { recursive: true, force: true });
      await sleep(200);
      continue;
    }
    try {
      // Whoever had the lock until now may have made it between our look and our turn, and uses it already.
      if (existsSync(complete)) break;
      await rm(path, { recursive: true, force: true });
      await make(path);
      await writeFile(complete, '');
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return path;
}

const temporary: string[] = [];

export async function temporaryFolder(prefix: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  temporary.push(path);
  return path;
}

interface Options {
  cwd?: string;
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
}

/** Runs a command to its end; one that fails throws with what it said. */
export async function run(command: string[], options: Options = {}): Promise<string> {
  const program = start(command, options);
  const code = await program.exit;
  if (code !== 0) throw new Error(`${command.join(' ')} exited with ${code}:\n${program.output()}`);
  return program.output();
}

export type Exit = number | NodeJS.Signals | null;

export interface Program {
  pid: number;
  exit: Promise<Exit>;
  output(): string;
  /** The JSON lines among the output. */
  logs(): Record<string, unknown>[];
  signal(name: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

export function start(command: string[], { cwd, env, ...user }: Options = {}): Program {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    ...user,
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding('utf8').on('data', text => (output += text));
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', cause => {
      running.delete(child);
      reject(new Error(`${file} cannot be started: ${cause.message}`, { cause }));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  exit.catch(() => {}); // whoever awaits it hears of it; nobody else has to
  return {
    pid: child.pid ?? 0,
    exit,
    output: () => output,
    logs: () => output.split('\n').flatMap(parseLine),
    signal: name => void child.kill(name),
  };
}

function parseLine(line: string): Record<string, unknown>[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line)] : [];
  } catch {
    return []; // not yet whole
  }
}

/** Ends whatever still runs, and what was built for it. Call it in afterAll. */
export async function cleanUp(): Promise<void> {
  for (const child of running) child.kill('SIGTERM');
  await Promise.race([until(() => running.size === 0, 'every program to end'), sleep(3000)]);
  for (const child of running) child.kill('SIGKILL');
  for (const path of temporary.splice(0)) await rm(path, { recursive: true, force: true });
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 60_000,
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(25);
  }
}
