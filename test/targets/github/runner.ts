/** A folder with what is rendered, and the machine of GitHub around it: programs of ours before its own. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { createEngine } from '../../../src/render/engine.ts';
import { github } from '../../../src/targets/github/index.ts';
import { kubernetes } from '../../../src/targets/kubernetes/index.ts';
import { renderArtifacts } from '../../../src/targets/render.ts';
import { project } from '../../cli/run.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';
import { jobsOf } from './steps.ts';

const engine = await createEngine();

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Runner {
  readonly folder: string;
  /** Where stand-ins are, and what they leave. */
  readonly programs: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A program of this name that comes before the machine's own. */
  standIn(name: string, script: string): Promise<void>;
  run(command: string, words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  git(...words: readonly string[]): Promise<Answer>;
  /** The file of one step's script, to be started as the runner does: `defaults.run.shell: bash`. */
  script(workflow: string, job: string, name: string): Promise<readonly string[]>;
  step(workflow: string, job: string, name: string, env: Readonly<Record<string, string>>): Promise<Answer>;
}

export async function runner(name: string): Promise<Runner> {
  const [folder, programs, temporary] = await Promise.all([project(), project(), project()]);
  await render(name, folder);
  const environment = {
    PATH: `${programs}${delimiter}${process.env['PATH']}`,
    RUNNER_TEMP: temporary,
    GITHUB_OUTPUT: join(programs, 'output'),
    GITHUB_STEP_SUMMARY: join(programs, 'summary'),
    GITHUB_ENV: join(programs, 'env'),
  };
  const run: Runner['run'] = (command, words, env = {}) =>
    new Promise(resolve => {
      const options = { cwd: folder, env: { ...environment, ...env } };
      execFile(command, [...words], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  const script: Runner['script'] = async (workflow, job, title) => {
    const content = await readFile(join(folder, `.github/workflows/${workflow}.yml`), 'utf8');
    const text = jobsOf(content)[job]?.steps?.find(each => each.name === title)?.run;
    if (text === undefined) throw new Error(`${workflow} has no step ${title} in ${job}`);
    await writeFile(join(programs, 'step.sh'), text);
    return ['--noprofile', '--norc', '-eo', 'pipefail', join(programs, 'step.sh')];
  };
  return {
    folder,
    programs,
    environment,
    run,
    script,
    git: (...words) => run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words]),
    step: async (workflow, job, title, env) => run('bash', await script(workflow, job, title), env),
    standIn: async (program, text) => {
      await writeFile(join(programs, program), text);
      await chmod(join(programs, program), 0o755);
    },
  };
}

async function render(name: string, folder: string): Promise<void> {
  const found = [...FIXTURE_CASES, ...ownCases('github')].find(each => each.name === name);
  if (!found) throw new Error(`no case ${name}`);
  for (const { path, content, mode } of renderArtifacts(found.model, [github, kubernetes], engine)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: mode ?? 0o644 });
  }
}
