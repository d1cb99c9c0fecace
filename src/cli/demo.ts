import { cp, mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import kleur from 'kleur';
import { run } from '../exec/run.ts';
import { packagePath } from '../package.ts';
import { endProcesses } from '../release/strategies/process/index.ts';
import { writeFileAtomic } from '../workspace/write.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, NoAnswerError, UsageError } from './exit.ts';

interface Step {
  readonly title: string;
  readonly command: string;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly output: string;
}

const REPORT = 'report.html';

/** The tour: every command is the real one, run as a user would run it. */
export async function tour(context: Context, dir: string | undefined): Promise<ExitCode> {
  const folder = await prepareFolder(context, dir);
  const steps: Step[] = [];
  const aideploy = async (title: string, words: string, expected: ExitCode = EXIT.yes) => {
    steps.push(await runStep(context, folder, { title, words, expected }));
  };
  try {
    await aideploy('read a chat service that nobody configured yet', 'init --yes');
    await aideploy('render everything it needs', 'render');
    await edit(folder, 'aideploy.yaml', /port: 3000/, `port: ${await freePort()}`);
    await edit(folder, 'compose.yaml', 'restart: unless-stopped', 'restart: unless-stopped # kept by hand');
    await aideploy('render again: a hand edit and a new port, merged', 'render');
    await aideploy('look for what is wrong in the files, and between them', 'check');
    await aideploy(
      'deploy it, here as a plain process, and prove that it works',
      'deploy process --tag 1.0.0',
    );
    await aideploy('look at it from outside, with a page to show', `verify --quiet --report ${REPORT}`);
    await edit(
      folder,
      'src/server.js',
      'const server =',
      "throw new Error('no such model');\n\nconst server =",
    );
    await aideploy('deploy a release that is broken', 'deploy process --tag 2.0.0', EXIT.no);
    await aideploy('see what runs now', 'releases --platform process');
  } finally {
    await endProcesses(folder, [UNIT], GRACE);
  }
  return conclude(context, folder, steps);
}

/** What the sample is called, and how long an open stream may keep it. */
const UNIT = 'sample-chat';
const GRACE = 2_000;

async function prepareFolder(context: Context, dir: string | undefined): Promise<string> {
  const folder =
    dir === undefined ? await mkdtemp(join(tmpdir(), 'aideploy-demo-')) : resolve(context.root, dir);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new UsageError(`${folder} is not empty; the demo wants a folder of its own`);
  await cp(packagePath('templates/demo'), folder, { recursive: true });
  return folder;
}

interface Wanted {
  readonly title: string;
  readonly words: string;
  readonly expected: ExitCode;
}

async function runStep(context: Context, cwd: string, { title, words, expected }: Wanted): Promise<Step> {
  const shown = `aideploy ${words}`;
  if (context.format === 'text') context.note(`\n${kleur.bold(title)}\n${kleur.dim('$')} ${shown}`);
  const program = process.argv[1] ?? '';
  const { exitCode, message, durationMs, stdout, stderr } = await run({
    program: process.execPath,
    args: [program, ...words.split(' ')],
    cwd,
    env: { CI: 'true' },
  });
  if (exitCode !== expected) throw new NoAnswerError(`${shown}: ${message}\n${stderr}${stdout}`);
  const output = `${stderr}${stdout}`;
  if (context.format === 'text') context.note(indent(output));
  return { title, command: shown, exitCode, durationMs, output };
}

async function edit(folder: string, file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  await writeFileAtomic(folder, file, text.replace(from, to));
}

function conclude(context: Context, folder: string, steps: readonly Step[]): ExitCode {
  if (context.format === 'json') {
    context.json({ folder, report: join(folder, REPORT), steps });
    return EXIT.yes;
  }
  context.result(`everything is in ${folder}; what verify saw is in ${join(folder, REPORT)}`);
  context.note(
    [
      'next, in your own repository:',
      '  aideploy init              reads it and writes aideploy.yaml',
      '  aideploy render            writes the artifacts',
      '  aideploy check             finds what is wrong in them, or in those that you have',
      '  aideploy verify --url URL  looks at what runs already',
      '  aideploy doctor            says which tools a platform needs',
    ].join('\n'),
  );
  return EXIT.yes;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const indent = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n');
