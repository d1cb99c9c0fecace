/** A project as its user has it: sources in git, a configuration, all rendered; deployed by the built program. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { type Answer, aideploy, project, ROOT } from '../cli/run.ts';

export interface Ended {
  readonly code: number | null;
  readonly outcome: string;
  readonly release: string;
  readonly cause: string | undefined;
  readonly steps: readonly { readonly title: string; readonly status: string }[];
  /** All that was said. */
  readonly told: string;
}

export interface Known {
  readonly id: string;
  readonly status: string;
  readonly current: boolean;
}

export interface Blow {
  readonly when: RegExp;
  readonly after: number;
  /** Given the group of processes that the run is. */
  readonly strike: (group: number) => unknown;
  readonly env?: NodeJS.ProcessEnv;
}

/** As kill -9 does, the run and all that it started here. */
export const kill = (group: number): void => {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    // It has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

export interface DeployProject {
  readonly folder: string;
  /** Another configuration, and files beside it: rendered and committed. */
  change(config: object, files?: Readonly<Record<string, string>>): Promise<void>;
  run(...args: string[]): Promise<Answer>;
  /** `deploy` or `rollback` with these words. */
  ended(...args: string[]): Promise<Ended>;
  /** What happens to a run so many milliseconds after a line of it matched; all that it and its children said. */
  struck(blow: Blow, ...args: string[]): Promise<{ readonly code: number | null; readonly told: string }>;
  releases(...args: string[]): Promise<readonly Known[]>;
}

export async function deployProject(
  service: string,
  config: object,
  env: () => NodeJS.ProcessEnv = () => ({}),
): Promise<DeployProject> {
  const folder = await project();
  cpSync(fileURLToPath(new URL(`../services/${service}`, import.meta.url)), folder, { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  await writeFile(join(folder, '.gitignore'), 'build*/\n.env\n');
  const run = (...args: string[]) => aideploy(args, { cwd: folder, env: env() });
  const made: DeployProject = {
    folder,
    run,
    async change(changed, files = {}) {
      for (const [path, content] of Object.entries({ ...files, 'aideploy.yaml': stringify(changed) }))
        await writeFile(join(folder, path), content);
      const rendered = await run('render');
      expect(rendered.code, rendered.stderr).toBe(0);
      const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
      execFileSync('git', ['add', '--all'], { cwd: folder });
      execFileSync('git', [...author, 'commit', '--quiet', '--allow-empty', '--message', 'sources'], {
        cwd: folder,
      });
    },
    async ended(...args) {
      const { code, stdout, stderr } = await run(...args, '--format', 'json');
      const { outcome, release, cause, steps } = JSON.parse(stdout || '{}') as Ended;
      // The cause first: of a test that failed, CI shows the beginning.
      const told = `${cause ?? ''}\n${stderr}${stdout}`;
      return { code, outcome, release, cause: cause ?? undefined, steps, told };
    },
    async struck({ when, after, strike, env: more }, ...args) {
      const child = spawn(process.execPath, [join(ROOT, 'bin/aideploy.js'), ...args], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1', ...env(), ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      let told = '';
      let struck: Promise<unknown> | undefined;
      let ended = false;
      const see = (chunk: Buffer) => {
        told += String(chunk);
        if (struck || child.pid === undefined || !when.test(told)) return;
        const group = child.pid;
        struck = sleep(after).then(() => (ended ? undefined : strike(group)));
      };
      child.stdout.on('data', see);
      child.stderr.on('data', see);
      const code = await new Promise<number | null>(resolve => child.once('close', resolve));
      ended = true;
      await struck;
      expect(struck, `never seen: ${when}\n${told}`).toBeDefined();
      return { code, told };
    },
    async releases(...args) {
      const { stdout, stderr } = await run('releases', ...args, '--format', 'json');
      return (JSON.parse(stdout || `"${stderr}"`) as { releases: Known[] }).releases;
    },
  };
  await made.change(config);
  return made;
}
