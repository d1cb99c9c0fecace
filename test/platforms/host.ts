/** A real Debian host with systemd for tests, in a container of its own that ends with the test file. */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { TARGETS } from '../../src/targets/all.ts';
import { docker, engine } from './docker.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Host {
  readonly name: string;
  /** Where tests reach its ports, past any firewall of the machine. */
  readonly address: string;
  /** A script of bash on it; exit codes other than 0 are an error. */
  sh(script: string): Promise<string>;
  /** The same, for a script that may fail. */
  try(script: string): Promise<Answer>;
  /** Files by their absolute path on it. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** A folder of this machine, as a folder of it. */
  copy(folder: string, to: string): Promise<void>;
}

const started: NodeJS.ProcessEnv[] = [];
afterAll(() => {
  for (const env of started.splice(0)) execFileSync(script('host'), ['down'], { env });
});

export async function startHost(name: string): Promise<Host> {
  const env = { ...process.env, ...engine.env(), HOST_NAME: name };
  execFileSync(script('docker'), ['up'], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(script('host'), ['up'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  started.push(env);
  const address = await docker([
    'inspect',
    '--format',
    '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
    name,
  ]);
  const attempt = (text: string): Promise<Answer> =>
    new Promise(resolve => {
      const child = execFile(
        'docker',
        ['exec', '--interactive', name, 'bash', '-euo', 'pipefail', '-s'],
        { env, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) =>
          resolve({
            code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
            stdout,
            stderr,
          }),
      );
      // A host that is gone says so by its exit code.
      child.stdin?.on('error', () => undefined).end(`{\n${text}\n} </dev/null\n`);
    });
  const copy = async (folder: string, to: string) => {
    execFileSync('docker', ['exec', name, 'mkdir', '-p', to], { env });
    // Not `docker cp`, which can't write to a tmpfs.
    execFileSync(
      'bash',
      [
        '-c',
        `set -o pipefail; tar -C "$1" -c . | docker exec -i "$2" tar --no-same-owner -C "$3" -x`,
        '-',
        folder,
        name,
        to,
      ],
      { env },
    );
  };
  return {
    name,
    address: address.trim(),
    try: attempt,
    async sh(text) {
      const { code, stdout, stderr } = await attempt(text);
      if (code !== 0) throw new Error(`${text}\nexited with ${code}:\n${stdout}${stderr}`.slice(-6000));
      return stdout;
    },
    async write(files) {
      const folder = await temporaryFolder();
      for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
      await copy(folder, '/');
    },
    copy,
  };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-host-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function put(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode });
}

/** A git repository with the sources of a test service and all that is rendered for it. */
export async function projectOf(service: string, config: object): Promise<string> {
  const folder = await temporaryFolder();
  cpSync(fileURLToPath(new URL(`../services/${service}`, import.meta.url)), folder, { recursive: true });
  const text = stringify(config);
  put(join(folder, 'aideploy.yaml'), text);
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(text)));
  const renderer = await createEngine();
  for (const target of TARGETS.filter(({ id }) => ['build', 'systemd'].includes(id)))
    for (const { path, content, mode } of target.render(model, renderer))
      put(join(folder, path), content, mode);
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  change(folder, {});
  return folder;
}

/** A commit of what stands in a project, these files changed. */
export function change(project: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) put(join(project, path), content);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  for (const step of [
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'sources'],
  ])
    execFileSync('git', [...author, ...step], { cwd: project });
}

/** What scripts/build.sh makes of a project. */
export function buildOf(project: string, tag: string): string {
  const out = join(project, `build-${tag}`);
  const flags = ['--tag', tag, '--no-gates', '--platforms', 'linux/amd64', '--out', out];
  const known = readFileSync(join(project, 'scripts/build.sh'), 'utf8').includes('--no-image ');
  execFileSync(join(project, 'scripts/build.sh'), known ? [...flags, '--no-image'] : flags, {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return out;
}

/** The build of one version under another's tag, as it would be if it had been built so. */
export function buildAs(project: string, from: string, tag: string): string {
  const out = join(project, `build-${tag}`);
  cpSync(join(project, `build-${from}`), out, { recursive: true });
  writeFileSync(join(out, 'VERSION'), `${tag}\n`);
  sumUp(out);
  return out;
}

/** The checksums of a folder's files, for a build that was changed by hand. */
export function sumUp(folder: string): void {
  const lines = readdirSync(folder)
    .filter(name => name !== 'SHA256SUMS' && !name.startsWith('.'))
    .map(
      name =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    );
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

/** The packages of a list of requirements, as a folder that a host without a way out installs from. */
export function wheelsOf(requirements: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-wheels-'));
  folders.push(folder);
  const flags = [
    '--quiet',
    '--disable-pip-version-check',
    '--python-version',
    '3.11',
    '--only-binary',
    ':all:',
  ];
  execFileSync(
    'python3',
    ['-m', 'pip', 'download', ...flags, '--dest', folder, '--requirement', requirements],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return folder;
}
