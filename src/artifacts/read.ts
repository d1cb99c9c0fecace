import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compare } from './text.ts';

/** Larger files are data, not what somebody wrote to deploy. */
const LARGEST = 5 * 1024 * 1024;
const DEEPEST = 32;
const VENDORED = new Set(
  'node_modules vendor .git .hg .svn .aideploy .venv venv __pycache__ .tox .terraform site-packages bower_components'.split(
    ' ',
  ),
);
/** Folders of a repository whose files are there to be wrong, or to be copied from. */
const SAMPLES = /^(?:testdata\d*|(?:__)?fixtures(?:__)?|expected)$/;

export interface RawFile {
  /** As somebody would name it from the project's folder. */
  readonly path: string;
  readonly content: string;
  /** It was not UTF-8; what could not be read became replacement characters. */
  readonly lossy: boolean;
  readonly mode: number;
}

export interface Unread {
  readonly path: string;
  readonly reason: string;
  /**
   * - missing: it was asked for, and is not there
   * - unreadable: an artifact would be refused for the same reason
   * - skipped: nothing is known of it
   */
  readonly why: 'missing' | 'skipped' | 'unreadable';
}

export interface Collected {
  readonly files: readonly RawFile[];
  readonly unread: readonly Unread[];
  /** Nothing that could belong to the set was left out: a project or a folder was named. */
  readonly closed: boolean;
}

/** What a name tells: whether the file may be an artifact at all. */
export type Wanted = (path: string) => boolean;

/** Files by name, and folders with everything in them that may be an artifact; symbolic links in folders are not followed. */
export async function collect(root: string, paths: readonly string[], wanted: Wanted): Promise<Collected> {
  const found = new Set<string>();
  const unread: Unread[] = [];
  let closed = false;
  for (const path of paths) {
    const clean = normal(path);
    try {
      const what = await stat(join(absolute(root, clean)));
      if (what.isDirectory()) {
        closed = true;
        for (const file of await walk(root, clean, wanted, unread)) found.add(file);
      } else if (what.isFile()) found.add(clean);
      else unread.push({ path: clean, reason: 'neither a file nor a folder', why: 'missing' });
    } catch (error) {
      unread.push({ path: clean, reason: reasonOf(error), why: whyOf(error) });
    }
  }
  const read = await Promise.all([...found].sort(compare).map(path => readOne(root, path)));
  const files = read.filter((each): each is RawFile => 'content' in each);
  unread.push(...read.filter((each): each is Unread => 'reason' in each));
  return { files, unread: unread.sort((a, b) => compare(a.path, b.path)), closed };
}

const normal = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+(?=.)/, '')
    .replace(/(?<=.)\/+$/, '');
const absolute = (root: string, path: string): string =>
  path.startsWith('/') || /^[a-z]:/i.test(path) ? path : join(root, path);

async function walk(root: string, folder: string, wanted: Wanted, unread: Unread[]): Promise<string[]> {
  const found: string[] = [];
  let level = [folder];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      unread.push({ path: level[0] ?? folder, reason: `deeper than ${DEEPEST} folders`, why: 'skipped' });
      break;
    }
    const next: string[] = [];
    for (const here of level) {
      for (const entry of await entriesOf(root, here, unread)) {
        const path = here === '.' ? entry.name : `${here}/${entry.name}`;
        if (entry.isDirectory()) {
          if (!VENDORED.has(entry.name) && !SAMPLES.test(entry.name)) next.push(path);
        } else if (entry.isFile() && wanted(path)) found.push(path);
      }
    }
    level = next;
  }
  return found;
}

async function entriesOf(root: string, folder: string, unread: Unread[]): Promise<Dirent[]> {
  try {
    const entries = await readdir(absolute(root, folder), { withFileTypes: true });
    return entries.sort((a, b) => compare(a.name, b.name));
  } catch (error) {
    unread.push({ path: folder, reason: reasonOf(error), why: 'unreadable' });
    return [];
  }
}

async function readOne(root: string, path: string): Promise<RawFile | Unread> {
  try {
    const place = absolute(root, path);
    const { size, mode } = await stat(place);
    if (size > LARGEST) return { path, reason: `larger than ${LARGEST / 1024 / 1024} MiB`, why: 'skipped' };
    const bytes = await readFile(place);
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
      return { path, reason: 'UTF-16, which the programs that read such files do not', why: 'unreadable' };
    if (bytes.includes(0)) return { path, reason: 'it holds NUL bytes: it is no text', why: 'unreadable' };
    const permissions = mode & 0o7777;
    try {
      return { path, content: decode(bytes, true), lossy: false, mode: permissions };
    } catch {
      return { path, content: decode(bytes, false), lossy: true, mode: permissions };
    }
  } catch (error) {
    return { path, reason: reasonOf(error), why: whyOf(error) };
  }
}

const decode = (bytes: Uint8Array, fatal: boolean): string =>
  new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes);

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
};

function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? `cannot be read (${code})`;
}

const whyOf = (error: unknown): Unread['why'] =>
  /^ENO(?:ENT|TDIR)$/.test((error as NodeJS.ErrnoException).code ?? '') ? 'missing' : 'unreadable';
