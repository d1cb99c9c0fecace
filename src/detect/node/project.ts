import type { SourceFile, Syntax } from '../program/facts.ts';
import { readSources } from '../program/read.ts';
import { remembered } from '../program/shapes.ts';
import { folderOf, isTest, isUnder, type Repository, resolvePath } from '../walk.ts';
import { nodeScanners } from './scan.ts';
import { shapeOf } from './shape.ts';

export interface NodePackage {
  dir: string;
  file: string;
  text: string;
  name?: string | undefined;
  main?: string | undefined;
  type?: string | undefined;
  scripts: Record<string, string>;
  engines?: string | undefined;
  dependencies: Record<string, string>;
  workspaces: boolean;
  outDir?: string | undefined;
  rootDir?: string | undefined;
}

export interface NodeProject {
  packages: NodePackage[];
  files: SourceFile[];
}

export async function openNode(repository: Repository): Promise<NodeProject | undefined> {
  const packages: NodePackage[] = [];
  for (const path of repository.paths) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue;
    const read = await readPackage(repository, path);
    if (read) packages.push(read);
  }
  if (packages.length === 0) return undefined;
  const paths = repository.paths.filter(
    path =>
      /\.[mc]?[jt]s$/.test(path) &&
      !isTest(path) &&
      !/\.(config|min)\.[mc]?[jt]s$/.test(path) &&
      isServed(ownerOf(path, packages)),
  );
  const byPath = new Map<string, SourceFile>();
  const syntax: Syntax = {
    shape: remembered(shapeOf),
    resolveModule: (module, file) => resolveModule(module, file, byPath, packages),
    siblings: () => [],
  };
  const files = await readSources(repository, paths, {
    grammar: 'typescript',
    scanners: nodeScanners,
    syntax,
  });
  for (const file of files) byPath.set(file.path, file);
  return { packages, files };
}

const browser = /^(react-dom|react-scripts|vue|svelte|@angular\/core|solid-js|preact|vite|@vitejs\/.*)$/;
const server =
  /^(express|fastify|koa|hono|@hono\/node-server|@nestjs\/core|ws|socket\.io|bullmq|@grpc\/grpc-js|polka|restify|@hapi\/hapi)$/;

/** A package for browsers is built into files; its sources run nowhere here. */
function isServed(owner: NodePackage | undefined): boolean {
  if (!owner) return false;
  const names = Object.keys(owner.dependencies);
  return names.some(name => server.test(name)) || !names.some(name => browser.test(name));
}

export function ownerOf(path: string, packages: NodePackage[]): NodePackage | undefined {
  return packages.filter(({ dir }) => isUnder(path, dir)).sort((a, b) => b.dir.length - a.dir.length)[0];
}

async function readPackage(repository: Repository, path: string): Promise<NodePackage | undefined> {
  const text = await repository.read(path);
  const data = text === undefined ? undefined : json(text, path, repository);
  if (text === undefined || !data) return undefined;
  const dir = folderOf(path);
  const configs = ['tsconfig.build.json', 'tsconfig.json']
    .map(name => (dir === '.' ? name : `${dir}/${name}`))
    .filter(repository.has);
  let options: Record<string, unknown> = {};
  for (const config of configs) {
    const own = json((await repository.read(config)) ?? '{}', config, repository)?.['compilerOptions'] as
      | Record<string, unknown>
      | undefined;
    options = { ...own, ...options };
  }
  const string = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const table = (value: unknown) =>
    value && typeof value === 'object' ? (value as Record<string, string>) : {};
  return {
    dir,
    file: path,
    text,
    name: string(data['name']),
    main: string(data['main']),
    type: string(data['type']),
    scripts: table(data['scripts']),
    engines: string(table(data['engines'])['node']),
    dependencies: { ...table(data['dependencies']), ...table(data['devDependencies']) },
    workspaces:
      data['workspaces'] !== undefined ||
      repository.has(dir === '.' ? 'pnpm-workspace.yaml' : `${dir}/pnpm-workspace.yaml`),
    outDir: string(options['outDir'])?.replace(/^\.\//, '').replace(/\/$/, ''),
    rootDir: string(options['rootDir'])?.replace(/^\.\//, '').replace(/\/$/, ''),
  };
}

/** JSON as tsconfig.json has it: with comments and trailing commas. */
function json(text: string, path: string, repository: Repository): Record<string, unknown> | undefined {
  try {
    const plain = text
      .replace(
        /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
        (_, string: string | undefined) => string ?? '',
      )
      .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? '');
    const data: unknown = JSON.parse(plain);
    return data && typeof data === 'object' ? (data as Record<string, unknown>) : undefined;
  } catch (error) {
    repository.skipped.push({ file: path, reason: `not valid JSON: ${(error as Error).message}` });
    return undefined;
  }
}

const endings = [
  '',
  '.ts',
  '.mts',
  '.cts',
  '.js',
  '.mjs',
  '.cjs',
  '/index.ts',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
];

function resolveModule(
  module: string,
  file: SourceFile,
  byPath: Map<string, SourceFile>,
  packages: NodePackage[],
): SourceFile[] {
  for (const base of candidates(module, file, packages)) {
    // TypeScript names the file that will be there after the build: './app.js' is app.ts.
    for (const path of [base, base.replace(/\.([mc]?)js$/, '.$1ts')]) {
      for (const ending of endings) {
        const found = byPath.get(path + ending);
        if (found) return [found];
      }
    }
  }
  return [];
}

function candidates(module: string, file: SourceFile, packages: NodePackage[]): string[] {
  if (module.startsWith('.')) {
    const path = resolvePath(folderOf(file.path), module);
    return path ? [path] : [];
  }
  const owner = ownerOf(file.path, packages);
  const below = (dir: string, path: string) => (dir === '.' ? path : `${dir}/${path}`);
  if (/^[@~#]\//.test(module) && owner)
    return [below(owner.dir, `src/${module.slice(2)}`), below(owner.dir, module.slice(2))];
  const local = packages.find(
    ({ name }) => name !== undefined && (module === name || module.startsWith(`${name}/`)),
  );
  if (local?.name) {
    const rest = module.slice(local.name.length + 1);
    return rest
      ? [below(local.dir, `src/${rest}`), below(local.dir, rest)]
      : [below(local.dir, 'src/index'), below(local.dir, 'index'), below(local.dir, local.main ?? 'index')];
  }
  return owner && /^src\//.test(module) ? [below(owner.dir, module)] : [];
}
