import { parse as parseToml } from 'smol-toml';
import type { Finding } from '../detection.ts';
import { finding, lineEvidence } from '../evidence.ts';
import type { SourceFile, Syntax } from '../program/facts.ts';
import { readSources } from '../program/read.ts';
import { remembered } from '../program/shapes.ts';
import { folderOf, isTest, isUnder, type Repository } from '../walk.ts';
import { pythonScanners } from './scan.ts';
import { shapeOf } from './shape.ts';

/** A folder with dependencies of its own. */
export interface PythonFolder {
  dir: string;
  name?: string;
  version?: Finding<string>;
  manifest?: Finding<string>;
  lockfile?: Finding<string>;
  packageManager: Finding<'pip' | 'uv' | 'poetry'>;
}

export interface PythonProject {
  folders: PythonFolder[];
  files: SourceFile[];
}

const manifests = [
  'pyproject.toml',
  'requirements.txt',
  'requirements/prod.txt',
  'requirements/base.txt',
  'setup.py',
  'Pipfile',
];

export async function openPython(repository: Repository): Promise<PythonProject | undefined> {
  const paths = repository.paths.filter(
    path =>
      path.endsWith('.py') &&
      !isTest(path) &&
      !/(^|\/)(setup|noxfile)\.py$|\/alembic\/|\/migrations\/(?!.*env\.py)/.test(path),
  );
  if (paths.length === 0) return undefined;
  const byPath = new Map<string, SourceFile>();
  const resolved = new Map<string, SourceFile[]>();
  const syntax: Syntax = {
    shape: remembered(shapeOf),
    resolveModule: (module, file) => {
      // The same for every file of a folder.
      const key = `${folderOf(file.path)} ${module}`;
      const found = resolved.get(key) ?? resolveModule(module, file, byPath);
      resolved.set(key, found);
      return found;
    },
    siblings: () => [],
  };
  const files = await readSources(repository, paths, {
    grammar: 'python',
    scanners: pythonScanners,
    syntax,
  });
  for (const file of files) byPath.set(file.path, file);
  return { files, folders: await foldersOf(repository) };
}

/** A module by its name: from the folders above that aren't packages themselves, and their `src`. */
function resolveModule(module: string, file: SourceFile, byPath: Map<string, SourceFile>): SourceFile[] {
  const path = module.replace(/\./g, '/');
  if (module.startsWith('/')) return at(path.slice(1), byPath);
  for (let folder = folderOf(file.path); ; folder = folderOf(folder)) {
    const prefix = folder === '.' ? '' : `${folder}/`;
    if (!byPath.has(`${prefix}__init__.py`)) {
      for (const root of [prefix, `${prefix}src/`]) {
        const found = at(root + path, byPath);
        if (found.length > 0) return found;
      }
    }
    if (folder === '.') return [];
  }
}

function at(path: string, byPath: Map<string, SourceFile>): SourceFile[] {
  const found = byPath.get(`${path}.py`) ?? byPath.get(`${path}/__init__.py`.replace(/^\//, ''));
  return found ? [found] : [];
}

async function foldersOf(repository: Repository): Promise<PythonFolder[]> {
  const dirs = new Set<string>();
  for (const path of repository.paths) {
    const name = manifests.find(manifest => path === manifest || path.endsWith(`/${manifest}`));
    if (!name || isTest(path)) continue;
    const dir = path.slice(0, -name.length).replace(/\/$/, '') || '.';
    dirs.add(dir);
  }
  if (dirs.size === 0) dirs.add('.');
  const folders: PythonFolder[] = [];
  for (const dir of [...dirs].sort()) folders.push(await readFolder(repository, dir));
  return folders;
}

async function readFolder(repository: Repository, dir: string): Promise<PythonFolder> {
  const inDir = (name: string) => (dir === '.' ? name : `${dir}/${name}`);
  const has = (name: string) => repository.has(inDir(name));
  const first = (path: string) => ({ file: path, line: 1 });
  const manifest = manifests.find(has);
  const lock = ['uv.lock', 'poetry.lock', 'Pipfile.lock', 'pdm.lock'].find(has);
  const text = has('pyproject.toml') ? await repository.read(inDir('pyproject.toml')) : undefined;
  const project = text === undefined ? {} : toml(text, inDir('pyproject.toml'), repository);
  const isPoetry = lock === 'poetry.lock' || (project.isPoetry && !lock);
  const manager = lock === 'uv.lock' ? 'uv' : isPoetry ? 'poetry' : 'pip';
  const chosen = lock === 'uv.lock' || lock === 'poetry.lock' ? lock : manifest;
  const pinned = has('.python-version') ? await repository.read(inDir('.python-version')) : undefined;
  const said = /^\s*(\d+\.\d+)/.exec(pinned ?? '')?.[1];
  const version = said
    ? finding(said, lineEvidence({ path: inDir('.python-version'), text: pinned ?? '' }, 1))
    : project.requires;
  return {
    dir,
    ...(project.name ? { name: project.name } : {}),
    ...(version ? { version } : {}),
    ...(chosen ? { manifest: finding(chosen, first(inDir(chosen))) } : {}),
    ...(lock ? { lockfile: finding(lock, first(inDir(lock))) } : {}),
    packageManager: finding(manager, first(inDir(lock ?? manifest ?? '.')), chosen ? 'certain' : 'likely'),
  };
}

interface Pyproject {
  name?: string;
  requires?: Finding<string>;
  isPoetry?: boolean;
}

function toml(text: string, path: string, repository: Repository): Pyproject {
  try {
    const data = parseToml(text) as {
      project?: Record<string, unknown>;
      tool?: { poetry?: { name?: string; dependencies?: Record<string, unknown> } };
    };
    const poetry = data.tool?.poetry;
    const wanted = data.project?.['requires-python'] ?? poetry?.dependencies?.['python'];
    const version = /\d+\.\d+/.exec(typeof wanted === 'string' ? wanted : '')?.[0];
    const line = text.split('\n').findIndex(each => /^\s*(requires-python|python)\s*=/.test(each)) + 1;
    const name = data.project?.['name'] ?? poetry?.name;
    return {
      ...(typeof name === 'string' ? { name } : {}),
      // A lower bound: what the project says it needs, not what it is run with.
      ...(version
        ? { requires: finding(version, lineEvidence({ path, text }, Math.max(line, 1)), 'likely') }
        : {}),
      isPoetry: poetry?.dependencies !== undefined,
    };
  } catch (error) {
    repository.skipped.push({
      file: path,
      reason: `not valid TOML: ${(error as Error).message.split('\n')[0]}`,
    });
    return {};
  }
}

export function folderOfFile(path: string, folders: PythonFolder[]): PythonFolder | undefined {
  return folders.filter(({ dir }) => isUnder(path, dir)).sort((a, b) => b.dir.length - a.dir.length)[0];
}
