import { basename } from 'node:path';
import type { DetectedBuild, Evidence, Finding, Note, ServiceKind } from '../detection.ts';
import { evidenceAt, finding, lineEvidence } from '../evidence.ts';
import { isGeneric, label } from '../names.ts';
import { programOf, reachable, type SourceFile } from '../program/facts.ts';
import type { Entry } from '../service/program.ts';
import { isExample, nameOf, type Repository } from '../walk.ts';
import { builtPath, sourceOf } from './built.ts';
import { nodeDialect } from './dialect.ts';
import { type NodePackage, type NodeProject, ownerOf } from './project.ts';

interface Start {
  file: SourceFile;
  /** The script's command names what is run (`node dist/server.js`). */
  target?: string;
  script?: string;
}

/** The programs of the Node packages. */
export async function nodeEntries(project: NodeProject, repository: Repository): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const unit of project.packages) {
    const files = project.files.filter(file => ownerOf(file.path, project.packages) === unit);
    const starts = startsOf(unit, files);
    const seen = new Set<SourceFile>();
    for (const start of starts) {
      if (seen.has(start.file)) continue;
      seen.add(start.file);
      const kind = kindOf(start);
      if (kind) entries.push(await entryOf(start, kind, unit, project, repository));
    }
  }
  return entries;
}

/** Servers of development: what they serve is deployed as files, or not at all. */
const forBrowsers = /\b(react-scripts|vite|ng|webpack(-dev-server)?|parcel|expo|electron)\b/;

/** Packages that start something other than a source that was read, such as a framework's own server. */
export function unreadStarts({ packages }: NodeProject, entries: readonly Entry[]): Note[] {
  return packages.flatMap(({ dir, file, text, scripts, workspaces }) => {
    const { start } = scripts;
    const isRead = entries.some(entry => entry.language === 'node' && entry.dir === dir);
    if (!start || isRead || workspaces || isExample(`${dir}/x`) || forBrowsers.test(start)) return [];
    const line = text.slice(0, text.search(/"start"\s*:/)).split('\n').length;
    return [
      {
        message: `${file} starts \`${start}\`, which is no program that could be read: it is left out of the draft`,
        evidence: [lineEvidence({ path: file, text }, line)],
        propose:
          'If it is deployed too, add it under services with language: node, build.main, port and health.',
      },
    ];
  });
}

const startScripts =
  /^(start|serve|start:(prod|production)|production|worker|start:worker|worker:start|consumer|job|cron|start:job)$/;

/** What the scripts start; where none does, the file that listens. */
function startsOf(unit: NodePackage, files: SourceFile[]): Start[] {
  const named = Object.entries(unit.scripts).flatMap(([script, command]) => {
    if (!startScripts.test(script)) return [];
    const target =
      /(?:^|\s)(?:node|tsx|ts-node|bun(?: run)?|nodemon)\s+(?:-{1,2}[\w-]+(?:[= ](?!-)[^\s]*(?=\s+\S+\.[mc]?[jt]s))?\s+)*(\S+)/.exec(
        command,
      )?.[1] ?? (/nest start/.test(command) ? 'dist/main.js' : undefined);
    const file = target && sourceOf(target, unit, files);
    return file ? [{ file, target, script }] : [];
  });
  if (named.length > 0) return named;
  const main = unit.main && sourceOf(unit.main, unit, files);
  const listening = files.filter(
    file => !isExample(file.path) && nodeDialect.listeners(programOf([file])).length > 0,
  );
  const order = ['server', 'main', 'index', 'app', 'start'];
  const rank = (file: SourceFile) =>
    (order.indexOf(nameOf(file.path)) + order.length + 1) % (order.length + 1);
  const [best] = listening.sort((a, b) => rank(a) - rank(b));
  if (main && reachable([main]).some(file => listening.includes(file)))
    return [{ file: main, ...(unit.main ? { target: unit.main } : {}) }];
  return best ? [{ file: best }] : [];
}

function kindOf({ file, script }: Start): ServiceKind | undefined {
  const program = programOf(reachable([file]));
  if (nodeDialect.listeners(program).length > 0) return 'http';
  const consumes = program.files.some(each =>
    each.calls.some(
      ({ dotted, name, node }) =>
        (node.type === 'new_expression' && name === 'Worker') ||
        /\.(consume|process|schedule|subscribe)$/.test(dotted),
    ),
  );
  const loops = program.files.some(each => /while \((true|1)\)|for \(;;\)|setInterval\(/.test(each.text));
  if (/worker|consumer/.test(`${script} ${nameOf(file.path)}`) || consumes || (loops && script !== undefined))
    return 'worker';
  return /job|cron|batch|report|ingest|digest/.test(`${script} ${nameOf(file.path)}`) ? 'job' : undefined;
}

async function entryOf(
  start: Start,
  kind: ServiceKind,
  unit: NodePackage,
  project: NodeProject,
  repository: Repository,
): Promise<Entry> {
  const files = reachable([start.file]);
  const program = programOf(files);
  const listener = kind === 'http' ? nodeDialect.listeners(program)[0] : undefined;
  const evidence: Evidence = listener
    ? evidenceAt(listener.call.file, listener.call.node)
    : { file: start.file.path, line: 1 };
  const version = await versionOf(unit, project, repository);
  const fallback = kind === 'http' ? 'api' : kind;
  const folder = unit.dir === '.' ? '' : basename(unit.dir);
  const name =
    kind === 'http'
      ? folder
      : start.script && /worker|job|cron|consumer/.test(start.script)
        ? start.script.replace(/:?start:?/, '')
        : nameOf(start.file.path);
  const framework = frameworkOf(files);
  return {
    key: label(
      isGeneric(name) ? (kind === 'http' && folder === 'server' ? 'api' : fallback) : name,
      fallback,
    ),
    dir: unit.dir,
    language: 'node',
    ...(framework ? { framework } : {}),
    ...(version ? { version } : {}),
    build: buildOf(start, unit, project, repository),
    files,
    evidence,
    kind: finding(kind, evidence, kind === 'http' ? 'certain' : 'likely'),
  };
}

function buildOf(
  start: Start,
  unit: NodePackage,
  project: NodeProject,
  repository: Repository,
): DetectedBuild {
  const root = project.packages.find(({ workspaces, dir }) => workspaces && dir === '.' && dir !== unit.dir);
  const context = root ? '.' : unit.dir;
  const lock = [unit.dir, '.']
    .flatMap(dir =>
      ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'npm-shrinkwrap.json'].map(name =>
        dir === '.' ? name : `${dir}/${name}`,
      ),
    )
    .find(repository.has);
  const manager = !lock
    ? 'npm'
    : lock.endsWith('pnpm-lock.yaml')
      ? 'pnpm'
      : lock.endsWith('yarn.lock')
        ? 'yarn'
        : 'npm';
  const script =
    Object.keys(unit.scripts).find(name => name === 'build') ??
    Object.keys(unit.scripts).find(name => /^(compile|build:prod|tsc)$/.test(name));
  const built = builtPath(start.file.path, start.target, unit);
  const main = root ? `${unit.dir}/${built.path}` : built.path;
  const line = start.script ? keyLine(unit, start.script) : keyLine(unit, 'main');
  return {
    context,
    main: finding(
      main,
      [...(start.script ? [line] : []), { file: start.file.path, line: 1 }],
      built.sure ? 'certain' : 'likely',
    ),
    binaries: [],
    manifest: finding(lock ? basename(lock) : 'package.json', { file: lock ?? unit.file, line: 1 }),
    ...(lock ? { lockfile: finding(basename(lock), { file: lock, line: 1 }) } : {}),
    ...(script && built.isBuilt ? { script: finding(script, keyLine(unit, script)) } : {}),
    packageManager: finding(manager, { file: lock ?? unit.file, line: 1 }, lock ? 'certain' : 'likely'),
  };
}

function keyLine(unit: NodePackage, key: string): Evidence {
  const at = unit.text.split('\n').findIndex(line => line.includes(`"${key}"`));
  return lineEvidence({ path: unit.file, text: unit.text }, Math.max(at, 0) + 1);
}

async function versionOf(
  unit: NodePackage,
  project: NodeProject,
  repository: Repository,
): Promise<Finding<string> | undefined> {
  for (const dir of [unit.dir, '.']) {
    for (const name of ['.nvmrc', '.node-version']) {
      const path = dir === '.' ? name : `${dir}/${name}`;
      const text = repository.has(path) ? await repository.read(path) : undefined;
      const major = /^\s*v?(\d+)/.exec(text ?? '')?.[1];
      if (major) return finding(major, lineEvidence({ path, text: text ?? '' }, 1));
    }
  }
  const said = [unit, ...project.packages.filter(({ dir }) => dir === '.')].find(({ engines }) => engines);
  const major = /\d+/.exec(said?.engines ?? '')?.[0];
  return said && major ? finding(major, keyLine(said, 'node'), 'likely') : undefined;
}

const frameworks: [RegExp, string][] = [
  [/^@nestjs\/core$/, 'nest'],
  [/^fastify$/, 'fastify'],
  [/^hono$/, 'hono'],
  [/^express$/, 'express'],
  [/^koa$/, 'koa'],
  [/^(node:)?http$/, 'node:http'],
];

function frameworkOf(files: SourceFile[]): Finding<string> | undefined {
  for (const [pattern, name] of frameworks) {
    for (const file of files) {
      const entry = file.imports.find(({ module }) => pattern.test(module));
      if (entry) return finding(name, evidenceAt(file, entry.node));
    }
  }
  return undefined;
}
