import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import kleur from 'kleur';
import { run } from '../exec/run.ts';
import { packagePath } from '../package.ts';
import { writeFileAtomic } from '../workspace/write.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, NoAnswerError, UsageError } from './exit.ts';
import { createProgress } from './progress.ts';
import { type Observation, watchSample } from './sample.ts';

interface Step {
  readonly title: string;
  readonly command: string;
  readonly durationMs: number;
  readonly output: string;
}

/** The tour: every command is the real one, run as a user would run it. */
export async function tour(context: Context, dir: string | undefined): Promise<ExitCode> {
  const folder = await prepareFolder(context, dir);
  const steps: Step[] = [];
  const aideploy = async (title: string, ...args: string[]) => {
    const step = await runStep(context, folder, title, args);
    steps.push(step);
    if (context.format === 'text') context.note(indent(step.output));
  };
  await aideploy('read a chat service that nobody configured yet', 'init', '--yes');
  await aideploy('render everything it needs', 'render');
  await editByHand(folder);
  await aideploy('render again: a hand edit and a new port, merged', 'render', '--dry-run');
  await aideploy('write it', 'render');
  await aideploy('ask, as CI would, whether anything drifted', 'render', '--check');
  const progress = createProgress(process.stderr, context.format !== 'text');
  const observations = await progress.step('start the service, talk to it, stop it with a stream open', () =>
    watchSample(folder),
  );
  return conclude(context, folder, steps, observations);
}

async function prepareFolder(context: Context, dir: string | undefined): Promise<string> {
  const folder =
    dir === undefined ? await mkdtemp(join(tmpdir(), 'aideploy-demo-')) : resolve(context.root, dir);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new UsageError(`${folder} is not empty; the demo wants a folder of its own`);
  await cp(packagePath('templates/demo'), folder, { recursive: true });
  return folder;
}

async function runStep(context: Context, cwd: string, title: string, args: readonly string[]): Promise<Step> {
  const shown = `aideploy ${args.join(' ')}`;
  if (context.format === 'text') context.note(`\n${kleur.bold(title)}\n${kleur.dim('$')} ${shown}`);
  const program = process.argv[1] ?? '';
  const outcome = await run({
    program: process.execPath,
    args: [program, ...args],
    cwd,
    env: { CI: 'true' },
  });
  if (outcome.status !== 'ok')
    throw new NoAnswerError(`${shown}: ${outcome.message}\n${outcome.stderr}${outcome.stdout}`);
  return {
    title,
    command: shown,
    durationMs: outcome.durationMs,
    output: `${outcome.stderr}${outcome.stdout}`,
  };
}

/** What a user does between two renders: a change of the configuration, and one of a rendered file. */
async function editByHand(folder: string): Promise<void> {
  const edit = async (file: string, from: string | RegExp, to: string) => {
    const text = await readFile(join(folder, file), 'utf8');
    await writeFileAtomic(folder, file, text.replace(from, to));
  };
  await edit('aideploy.yaml', /port: 3000/, 'port: 3100');
  await edit('compose.yaml', 'restart: unless-stopped', 'restart: unless-stopped # kept by hand');
}

function conclude(
  context: Context,
  folder: string,
  steps: readonly Step[],
  observations: readonly Observation[],
): ExitCode {
  const good = observations.every(({ ok }) => ok);
  if (context.format === 'json') {
    context.json({ folder, steps, observations, ok: good });
    return good ? EXIT.yes : EXIT.no;
  }
  const lines = observations.map(
    ({ ok, what, saw }) => `${ok ? kleur.green('pass') : kleur.red('fail')}  ${what.padEnd(38)} ${saw}`,
  );
  context.result([...lines, '', `everything is in ${folder}`].join('\n'));
  context.note(
    [
      'next, in your own repository:',
      '  aideploy init      reads it and writes aideploy.yaml',
      '  aideploy render    writes the artifacts',
      '  aideploy doctor    says which tools they need',
    ].join('\n'),
  );
  return good ? EXIT.yes : EXIT.no;
}

const indent = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');
