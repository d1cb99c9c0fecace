import {
  type Dockerfile,
  type Instruction,
  instructionsOf,
  type Stage,
} from '../../artifacts/dockerfile/dockerfile.ts';
import { lineage } from '../../artifacts/dockerfile/facts.ts';
import type { Document } from '../../artifacts/document.ts';
import { factOf } from '../../artifacts/fact.ts';
import { beside } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';

type DockerfileDocument = Document<'dockerfile'>;

/** Takes the whole context: `COPY . .` */
const isWhole = (each: Instruction): boolean =>
  /^(?:COPY|ADD)$/.test(each.keyword) &&
  !each.flags.some(flag => flag.name === 'from') &&
  each.words.length > 1 &&
  each.words.slice(0, -1).some(word => /^\.?\/?$|^\.\/\.$/.test(word.value));

/** What goes into an image, or out of a build of which an image takes a folder. */
function shippedStages(file: Dockerfile): ReadonlySet<Stage> {
  const last = file.stages.at(-1);
  const shipped = new Set(last ? lineage(file, last) : []);
  for (const stage of shipped)
    for (const copy of instructionsOf(stage, 'COPY')) {
      const from = copy.flags.find(flag => flag.name === 'from')?.value.toLowerCase();
      const source = file.stages.find((each, i) => each.name === from || String(i) === from);
      const folder = copy.words
        .slice(0, -1)
        .some(word =>
          /^\/?(?:app|src|srv|workspace|code|usr\/src\/app|opt\/\w+)\/?$|^\.\/?$/.test(word.value),
        );
      if (source && folder) for (const each of lineage(file, source)) shipped.add(each);
    }
  return shipped;
}

/** What is in almost every folder and in no image, and a name that stands for it. */
const PRIVATE: readonly (readonly [what: string, sample: string])[] = [
  ['.env', '.env'],
  ['.git', '.git'],
];

/** Whole copies of a context from which nothing keeps secrets and history. */
export function unfiltered(context: Context): Finding[] {
  return context.of('dockerfile').flatMap(document => {
    const copy = [...shippedStages(document.body)].flatMap(stage => stage.instructions).find(isWhole);
    if (!copy) return [];
    const at = document.text.place(copy.start);
    const ignored = ignoreFileOf(context, document);
    // Which folder a Dockerfile is built from is not always said; another's file may be its own.
    if (!ignored)
      return context.closed && context.of('dockerignore').length === 0
        ? [{ at, message: 'the whole context is copied, and no .dockerignore keeps .env and .git out of it' }]
        : [];
    const atRoot = !ignored.name.includes('/') || ignored.name === `${document.name}.dockerignore`;
    const open = PRIVATE.filter(
      ([, sample]) =>
        // The history stands at the root of the repository.
        (atRoot || sample !== '.git') &&
        !isIgnored(
          ignored.body.map(row => row.fields[0] ?? ''),
          sample,
        ),
    );
    if (open.length === 0) return [];
    const { text } = ignored;
    const gap = text.content === '' || text.content.endsWith('\n') ? '' : '\n';
    const added = `${gap}${open.map(([what]) => `${what === '.env' ? '.env*' : what}\n`).join('')}`;
    const message = `the whole context is copied, and ${ignored.name} does not keep out ${listed(open.map(([what]) => what))}`;
    return [
      {
        at,
        message,
        related: [{ ...text.place(0), message: 'what is kept out' }],
        edits: [text.edit(text.content.length, text.content.length, added)],
      },
    ];
  });
}

/** Beside the Dockerfile under its own name, or in the folder that it is built from. */
function ignoreFileOf(context: Context, { name }: DockerfileDocument): Document<'dockerignore'> | undefined {
  const contexts = context.members.flatMap(member => {
    const build = factOf(member, 'build')?.value;
    return build?.dockerfile === name ? [build.context] : [];
  });
  const folders = [...contexts.map(folder => (folder === '.' ? '' : `${folder}/`)), beside(name, '.')].map(
    folder => (folder === undefined || folder === '' || folder.endsWith('/') ? (folder ?? '') : `${folder}/`),
  );
  const names = [`${name}.dockerignore`, ...folders.map(folder => `${folder}.dockerignore`), '.dockerignore'];
  const files = context.of('dockerignore');
  return names.map(each => files.find(file => file.name === each)).find(found => found !== undefined);
}

/** https://docs.docker.com/build/concepts/context/#dockerignore-files: the last pattern that fits decides. */
export function isIgnored(patterns: readonly string[], path: string): boolean {
  let ignored = false;
  for (const line of patterns) {
    const pattern = line
      .replace(/^!/, '')
      .replace(/^(?:\.?\/)+|\/+$/g, '')
      .replace(/^\*\*\//, '');
    if (fits(pattern, path)) ignored = !line.startsWith('!');
  }
  return ignored;
}

/** Of a name in the context's own folder; stars are few in a pattern, and each part is looked for behind the one before. */
function fits(pattern: string, name: string): boolean {
  const parts = pattern.replace(/\*\*/g, '*').split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return pattern === name || pattern === `${name}/*`;
  let at = first.length;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/** What reads a list of dependencies alone, so that its layer lasts until that list changes. */
const INSTALL =
  /\b(?:pip3? install (?:[^&|;]*\s)?(?:-r|--requirement)\b|npm (?:ci|install|i)(?:\s+--?[\w=-]+)*\s*(?:$|&&|;|\|)|yarn install|yarn\s*(?:$|&&)|pnpm (?:install|i)\b|bun install|poetry install|uv sync|pipenv (?:install|sync)|bundle install|go mod download|composer install|cargo fetch)/m;

/** Sources that come before dependencies: every change of a line installs everything again. */
export function installedAgain({ body, text }: DockerfileDocument): Finding[] {
  return body.stages.flatMap((stage): Finding[] => {
    const copy = stage.instructions.findIndex(isWhole);
    const install = stage.instructions.findIndex(
      each => each.keyword === 'RUN' && INSTALL.test(each.rest.value),
    );
    const [source, run] = [stage.instructions[copy], stage.instructions[install]];
    if (!source || !run || install < copy) return [];
    // A cache mount keeps what was fetched; an editable install needs the sources.
    if (run.flags.some(flag => flag.name === 'mount') || /\s-e\s|--editable/.test(run.rest.value)) return [];
    const command =
      INSTALL.exec(run.rest.value)?.[0]
        .replace(/\s*(?:&&|;|\|)?$/, '')
        .trim() ?? '';
    return [
      {
        at: text.place(source.start),
        message: `every change of a source runs ${command} again: the sources are copied before it`,
        related: [{ ...text.place(run.start), message: command }],
      },
    ];
  });
}
