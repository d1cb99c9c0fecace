import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import kleur from 'kleur';
import { parse } from 'yaml';
import { isMapping } from '../config/environments.ts';
import { jsonSchema } from '../config/json-schema.ts';
import { detect } from '../detect/detect.ts';
import type { Detection } from '../detect/detection.ts';
import { AnswerError, withValue } from '../init/answers.ts';
import { SCHEMA_PATH } from '../init/document.ts';
import { documentFrom, draftFrom, withFallbacks } from '../init/draft.ts';
import { type Fact, factsOf } from '../init/facts.ts';
import { openQuestions } from '../init/questions.ts';
import { readState } from '../workspace/locate.ts';
import { writeFileAtomic } from '../workspace/write.ts';
import { ask } from './ask.ts';
import { type Context, folder } from './context.ts';
import { UsageError } from './exit.ts';
import { createReading } from './reading.ts';

export interface InitOptions {
  readonly yes?: boolean;
  readonly from?: string;
  readonly set?: string[];
  readonly preset?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

type Mapping = Record<string, unknown>;

export async function initialise(
  context: Context,
  dir: string | undefined,
  options: InitOptions,
): Promise<void> {
  const root = dir === undefined ? context.root : folder(resolve(context.root, dir), dir);
  const file = context.configFile;
  if (!options.force && !options.dryRun && (await readState(root, file)))
    throw new UsageError(
      `${file} is there already; --force replaces it, --dry-run shows what would be written`,
    );
  const detection = await detected(context, root);
  const facts = factsOf(detection);
  if (context.format === 'text') showFindings(context, detection, facts);
  const draft = draftFrom(detection, {
    preset: options.preset,
    from: await answersFile(context, options.from),
    set: options.set,
  });
  const interactive = context.interactive && !options.yes && !options.dryRun;
  const content = documentFrom(
    interactive ? await askOpen(draft, context.live) : withFallbacks(draft),
    detection,
  );
  if (!options.dryRun) {
    await writeFileAtomic(root, file, content);
    await writeFileAtomic(root, SCHEMA_PATH, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
  }
  answer(context, { root, file, content, written: !options.dryRun, facts, detection });
}

/** A large project takes a while, and says so where somebody sees it. */
async function detected({ live, quiet, format }: Context, root: string): Promise<Detection> {
  const shown = live && !quiet && format === 'text';
  const reading = createReading(text => {
    if (shown) process.stderr.write(text);
  });
  try {
    return await detect(root, reading.at);
  } finally {
    reading.end();
  }
}

async function answersFile(context: Context, file: string | undefined): Promise<Mapping | undefined> {
  if (file === undefined) return undefined;
  let answers: unknown;
  try {
    answers = parse(await readFile(resolve(context.root, file), 'utf8'));
  } catch (error) {
    throw new AnswerError(`--from ${file}: ${(error as Error).message.split('\n')[0]}`);
  }
  if (!isMapping(answers))
    throw new AnswerError(`--from ${file}: a mapping in the form of aideploy.yaml is needed`);
  return answers;
}

/** Each answer may open or close further questions, so the next is looked up anew. */
async function askOpen(draft: Mapping, live: boolean): Promise<Mapping> {
  const asked = new Set<string>();
  let answered = draft;
  for (;;) {
    const next = openQuestions(answered).find(question => !asked.has(question.path.join('.')));
    if (!next) return answered;
    asked.add(next.path.join('.'));
    const value = await ask(next, live);
    if (value !== undefined) answered = withValue(answered, next.path, value);
  }
}

function showFindings(context: Context, detection: Detection, facts: readonly Fact[]): void {
  for (const fact of facts) {
    const place = kleur.dim(`${fact.file}:${fact.line}`);
    context.note(`  ${fact.label.padEnd(24)} ${fact.value}${fact.likely ? ' (likely)' : ''}  ${place}`);
  }
  for (const note of detection.notes) {
    const [evidence] = note.evidence ?? [];
    context.note(
      `${kleur.yellow('note')}  ${note.message}${evidence ? ` ${kleur.dim(`${evidence.file}:${evidence.line}`)}` : ''}`,
    );
    for (const line of note.propose?.split('\n') ?? []) context.note(`      ${line}`);
  }
}

interface Answer {
  readonly root: string;
  readonly file: string;
  readonly content: string;
  readonly written: boolean;
  readonly facts: readonly Fact[];
  readonly detection: Detection;
}

function answer(context: Context, { root, file, content, written, facts, detection }: Answer): void {
  if (context.format === 'json') {
    context.json({ file, written, content, found: facts, notes: detection.notes });
  } else if (written) {
    context.result(`wrote ${file} and ${SCHEMA_PATH} in ${basename(root)}`);
    context.note('next: look at it, then `aideploy render`');
  } else {
    context.result(content);
  }
}
