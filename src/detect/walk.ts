import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

const maxFiles = 5000;
const maxBytes = 1024 * 1024;
const maxDepth = 16;

const ignoredFolders = new Set(
  (
    'node_modules vendor .git .hg .svn .venv venv env .env virtualenv __pycache__ .tox .nox .mypy_cache .pytest_cache ' +
    '.ruff_cache site-packages testdata dist target .next .nuxt .output .turbo .cache coverage .idea .vscode .aideploy ' +
    '.terraform .gradle bower_components third_party __mocks__ __fixtures__ fixtures'
  ).split(' '),
);
const wanted =
  /\.(go|py|[mc]?[jt]sx?|proto|ya?ml|toml|json|service|conf|sql|mod|work|env|ini|cfg|txt|lock|prisma|example|sample|template|dist)$/i;
const wantedNames =
  /^(.*\.)?dockerfile(\..+)?$|^containerfile$|^procfile$|^\.env(\..+)?$|^env\.example$|^\.nvmrc$|^\.node-version$|^\.python-version$|^pipfile$/i;

/** The files of a repository that detection may look at, in a stable order, and the means to read them. */
export interface Repository {
  root: string;
  paths: string[];
  has(path: string): boolean;
  read(path: string): Promise<string | undefined>;
  skipped: { file: string; reason: string }[];
  /** Hears what the reading is at. */
  told(text: string): void;
}

export async function openRepository(root: string, told: Repository['told'] = () => {}): Promise<Repository> {
  const skipped: Repository['skipped'] = [];
  const paths = await list(root, skipped);
  const known = new Set(paths);
  const texts = new Map<string, Promise<string | undefined>>();
  const read = (path: string) => {
    const text = texts.get(path) ?? readText(root, path, skipped);
    texts.set(path, text);
    return text;
  };
  return { root, paths, has: path => known.has(path), read, skipped, told };
}

async function list(root: string, skipped: Repository['skipped']): Promise<string[]> {
  const found: string[] = [];
  // Breadth first: what stands near the root says more about a repository that is too large to read whole.
  let level = [''];
  for (let depth = 0; level.length > 0 && depth < maxDepth; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      const entries = await entriesOf(root, folder, skipped);
      const isNodePackage = entries.some(entry => entry.name === 'package.json');
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        // Symbolic links aren't followed: their targets are found where they are, and loops can't happen.
        if (entry.isDirectory() && !isIgnored(entry.name, isNodePackage)) next.push(path);
        else if (entry.isFile() && (wanted.test(entry.name) || wantedNames.test(entry.name)))
          found.push(path);
      }
      if (found.length >= maxFiles) {
        skipped.push({
          file: folder || '.',
          reason: `more than ${maxFiles} files: the deeper ones were not read`,
        });
        return found.slice(0, maxFiles).sort(byPath);
      }
    }
    level = next;
  }
  return found.sort(byPath);
}

async function entriesOf(root: string, folder: string, skipped: Repository['skipped']): Promise<Dirent[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.sort((a, b) => byPath(a.name, b.name));
  } catch (error) {
    if (folder === '') throw error;
    skipped.push({ file: folder, reason: `cannot be read (${(error as NodeJS.ErrnoException).code})` });
    return [];
  }
}

function isIgnored(name: string, isNodePackage: boolean): boolean {
  return ignoredFolders.has(name) || (isNodePackage && (name === 'build' || name === 'out'));
}

async function readText(
  root: string,
  path: string,
  skipped: Repository['skipped'],
): Promise<string | undefined> {
  try {
    const { size } = await lstat(join(root, path));
    if (size > maxBytes) {
      skipped.push({ file: path, reason: 'larger than 1 MiB' });
      return undefined;
    }
    const bytes = await readFile(join(root, path));
    if (bytes.includes(0)) throw new TypeError('binary');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      error instanceof TypeError
        ? message === 'binary'
          ? 'binary'
          : 'not UTF-8'
        : `cannot be read (${code})`;
    skipped.push({ file: path, reason });
    return undefined;
  }
}

export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `.` for a file at the root. */
export function folderOf(path: string): string {
  return dirname(path);
}

export function isUnder(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}

/** `path` as seen from `folder`. */
export function relativeTo(path: string, folder: string): string {
  return folder === '.' ? path : path === folder ? '.' : path.slice(folder.length + 1);
}

/** Joins and normalises; undefined where it leaves the root. */
export function resolvePath(folder: string, path: string): string | undefined {
  const joined = join(folder, path);
  return joined.startsWith('..') ? undefined : joined.replace(/\/$/, '');
}

const testFolder = /(^|\/)(tests?|__tests__|spec|specs|e2e|mocks?|testing|testutils?|benchmarks?)\//;
const testFile =
  /(_test\.go|(^|\/)(tests?|test_[^/]*|conftest|[^/]*_test)\.py|\.(test|spec|e2e-spec|stories|d)\.[mc]?[jt]sx?)$/;

export function isTest(path: string): boolean {
  return testFolder.test(path) || testFile.test(path);
}

export function isExample(path: string): boolean {
  return /(^|\/)(\.[\w-]+|examples?|samples?|demos?|docs?|tutorials?|hack|scripts|(?<!cmd\/)tools)\//.test(
    `${folderOf(path)}/`,
  );
}

export function nameOf(path: string): string {
  return basename(path, extname(path));
}
