/** One shell for one guide, as its reader has it: in a folder of its own, beside a checkout of this repository. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { endProcesses } from '../../src/release/strategies/process/index.ts';
import { project, ROOT } from '../cli/run.ts';

export interface Seen {
  readonly status: number;
  readonly lines: readonly string[];
}

export interface Session {
  readonly folder: string;
  type(command: string): Promise<Seen>;
  /** A diff as guides have it: `--- file`, then changes with a line `@@` between them. */
  edit(diff: string): Promise<void>;
  end(): Promise<void>;
}

const END = 'the-end-of-what-it-said';

/** Programs that take the place of others for this reader, by their names. */
export type Programs = Readonly<Record<string, string>>;

export async function openSession(env: NodeJS.ProcessEnv = {}, programs: Programs = {}): Promise<Session> {
  const folder = await project();
  await symlink(ROOT, join(folder, 'aideploy'));
  const bin = join(folder, '.bin');
  await mkdir(bin);
  const own = { aideploy: `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin/aideploy.js')}' "$@"\n` };
  for (const [name, text] of Object.entries({ ...own, ...programs })) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: folder,
    detached: true,
    env: {
      ...process.env,
      ...IDENTITY,
      NO_COLOR: '1',
      ...env,
      PATH: `${bin}:${env['PATH'] ?? process.env['PATH']}`,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  shell.stdin.on('error', () => {});
  shell.stdout.setEncoding('utf8');
  let status = 0;
  const type = (command: string): Promise<Seen> =>
    new Promise((resolve, reject) => {
      let text = '';
      const finish = (outcome: () => void) => {
        shell.stdout.off('data', hear);
        shell.off('close', die);
        outcome();
      };
      const hear = (chunk: string) => {
        text += chunk;
        const [all, said = '', code] = new RegExp(`^([^]*)\n${END} (\\d+)\n`).exec(text) ?? [];
        if (all === undefined) return;
        status = Number(code);
        finish(() => resolve({ status, lines: said.trimEnd() === '' ? [] : said.trimEnd().split('\n') }));
      };
      const die = () => finish(() => reject(new Error(`the shell ended: ${command}\n${text}`)));
      shell.stdout.on('data', hear);
      shell.on('close', die);
      // `$?` is of the command before, whatever this shell did in between.
      shell.stdin.write(`{ (exit ${status})\n${command}\n} </dev/null 2>&1; printf '\\n${END} %d\\n' $?\n`);
    });
  return {
    folder,
    type,
    async edit(diff) {
      const { lines } = await type('pwd');
      const [, path = ''] = /^--- (.+)\n/.exec(diff) ?? [];
      const file = join(lines[0] ?? '', path);
      const text = await readFile(file, 'utf8').catch(() => '');
      await writeFile(file, edited(text, diff));
    },
    async end() {
      for (const file of await pidFiles(folder))
        await endProcesses(dirname(dirname(dirname(file))), [basename(file, '.pid')], 2_000);
      if (shell.exitCode === null && shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
    },
  };
}

/** Processes of the platform `process` outlive the shell that deployed them. */
const pidFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter(path => /^[^/]+\/\.aideploy\/process\/[^/]+\.pid$/.test(path))
    .map(path => join(folder, path));

/** Of a reader that git knows, whoever runs the tests. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'reader',
  GIT_AUTHOR_EMAIL: 'reader@example.com',
  GIT_COMMITTER_NAME: 'reader',
  GIT_COMMITTER_EMAIL: 'reader@example.com',
  GOFLAGS: `${process.env['GOFLAGS'] ?? ''} -buildvcs=false`.trim(),
};

/** Each change has its place by what it takes out and what stands around it; what has neither goes to the end. */
export function edited(text: string, diff: string): string {
  const [, ...lines] = diff.trimEnd().split('\n');
  return lines
    .join('\n')
    .split(/^@@\n/m)
    .reduce((before, change) => {
      const side = (sign: string) =>
        change
          .trimEnd()
          .split('\n')
          .filter(line => !line.startsWith(sign))
          .map(line => `${line.slice(1)}\n`)
          .join('');
      const [old, now] = [side('+'), side('-')];
      if (old === '') return before + now;
      if (before.split(old).length !== 2) throw new Error(`not there once:\n${old}in:\n${before}`);
      return before.replace(old, () => now);
    }, text);
}
