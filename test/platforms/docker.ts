/** A real Docker Engine for tests: one engine for the machine, and what a test file starts ends with the file. */
import { execFile, execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Local stand-ins for images that a registry would serve; `bases` makes them. */
export const bases = {
  debian: 'testbed.local/debian:12',
  golang: 'testbed.local/golang:1.26',
  python: 'testbed.local/python:3.11',
  node: 'testbed.local/node:22',
  static: 'testbed.local/static:12',
  postgres: 'testbed.local/postgres:15',
  ollama: 'testbed.local/ollama:0.12',
} as const;

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

export interface BuildOptions {
  context: string;
  /** Absolute, or relative to the context. */
  dockerfile?: string;
  tag: string;
  args?: Record<string, string>;
}

export const engine = {
  /** Starts the engine and makes the base images: minutes the first time, a second later on. */
  async up(): Promise<void> {
    await execute(script('bases'), []);
  },
  /** What a program such as aideploy needs in its environment to reach this engine. */
  env(): Record<string, string> {
    const lines = execFileSync(script('docker'), ['env'], { encoding: 'utf8' }).trim().split('\n');
    return Object.fromEntries(lines.map(line => /^export (\w+)='(.*)'$/.exec(line)?.slice(1) ?? []));
  },
};

/**
 * Builds as the engine would, with cache mounts and HEALTHCHECK, and gives the engine the image, which is removed
 * after the file: tags that differ from run to run would fill the disk.
 */
export async function buildImage({
  context,
  dockerfile = 'Dockerfile',
  tag,
  args = {},
}: BuildOptions): Promise<string> {
  started.push(() => execute(script('remove-image'), [tag]));
  const flags = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  await execute(script('build-image'), [tag, context, '--file', resolve(context, dockerfile), ...flags]);
  return tag;
}

/** Runs the Docker client and returns what it printed. */
export async function docker(args: string[], options: RunOptions = {}): Promise<string> {
  return execute('docker', args, { ...options, env: { ...engine.env(), ...options.env } });
}

/** `docker compose` in a project's folder. A project that it started is taken down, volumes too, after the file. */
export async function compose(args: string[], options: RunOptions = {}): Promise<string> {
  const verb = args.findIndex(argument => ['create', 'run', 'start', 'up'].includes(argument));
  if (verb >= 0) {
    const down = [...args.slice(0, verb), 'down', '--volumes', '--remove-orphans', '--timeout', '1'];
    started.push(() => docker(['compose', ...down], options));
  }
  return docker(['compose', ...args], options);
}

/** `docker run --detach` with these flags; the container is removed after the file. Returns its id. */
export async function startContainer(
  image: string,
  flags: string[] = [],
  command: string[] = [],
): Promise<string> {
  const id = (await docker(['run', '--detach', '--pull', 'never', ...flags, image, ...command])).trim();
  started.push(() => docker(['rm', '--force', '--volumes', id]));
  return id;
}

const started: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

async function execute(file: string, args: string[], options: RunOptions = {}): Promise<string> {
  const env = { ...process.env, ...options.env };
  try {
    const { stdout } = await run(file, args, { ...options, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const tail = `${stdout}${stderr}`.split('\n').slice(-40).join('\n');
    throw new Error(`${[file, ...args].join(' ')} failed:\n${tail}`, { cause: error });
  }
}
