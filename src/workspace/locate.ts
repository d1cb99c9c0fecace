import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { WorkspaceError } from './errors.ts';

/** A file of the project as it is on disk. */
export interface FileState {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

export interface Location {
  /** Where the file is, symbolic links followed. */
  readonly absolute: string;
  readonly exists: boolean;
}

/** Refuses a path which is not plainly below the project, whatever system it is looked at on. */
export function checkPath(path: string): void {
  const odd =
    path === '' ||
    path.includes('\0') ||
    path.includes('\\') ||
    /^(?:\/|[A-Za-z]:)/.test(path) ||
    path.split('/').some(part => part === '' || part === '.' || part === '..');
  if (odd) {
    throw new WorkspaceError(
      `${JSON.stringify(path)}: not a path inside the project; give one that is relative to it, with / and without . or ..`,
    );
  }
}

/** Finds where a project's path leads, and that it leads to a file, or to nothing, inside the project. */
export async function locate(root: string, path: string): Promise<Location> {
  checkPath(path);
  const base = await realpath(root);
  const parts = path.split('/');
  let absolute = base;
  for (const [index, part] of parts.entries()) {
    const name = parts.slice(0, index + 1).join('/');
    const next = await follow(base, join(absolute, part), name);
    if (next === undefined) return { absolute: join(absolute, ...parts.slice(index)), exists: false };
    absolute = next.absolute;
    const last = index === parts.length - 1;
    if (last && next.kind === 'directory') {
      throw new WorkspaceError(`${path}: a directory is where a file belongs; move it away`);
    }
    if (last && next.kind === 'other') {
      throw new WorkspaceError(`${path}: a device, pipe or socket is where a file belongs; move it away`);
    }
    if (!last && next.kind !== 'directory') {
      throw new WorkspaceError(`${path}: ${name} is no directory; move it away`);
    }
  }
  return { absolute, exists: true };
}

export async function readState(root: string, path: string): Promise<FileState | undefined> {
  const { absolute, exists } = await locate(root, path);
  if (!exists) return undefined;
  try {
    const [bytes, { mode }] = await Promise.all([readFile(absolute), lstat(absolute)]);
    return { bytes, mode: mode & 0o777 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EACCES')
      throw new WorkspaceError(`${path}: cannot be read; make it readable for this user`);
    throw error;
  }
}

interface Followed {
  readonly absolute: string;
  readonly kind: 'directory' | 'file' | 'other';
}

async function follow(base: string, absolute: string, name: string): Promise<Followed | undefined> {
  const found = await statOf(absolute);
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink()) return { absolute, kind: kindOf(found) };
  const target = await realpath(absolute).catch(() => undefined);
  if (target === undefined) {
    throw new WorkspaceError(`${name}: a symbolic link that leads nowhere; remove it`);
  }
  const inside = relative(base, target);
  if (inside === '..' || inside.startsWith(`..${sep}`) || join(base, inside) !== target) {
    throw new WorkspaceError(
      `${name}: a symbolic link that leaves the project; nothing is written there. Remove it`,
    );
  }
  return { absolute: target, kind: kindOf(await lstat(target)) };
}

async function statOf(absolute: string) {
  try {
    return await lstat(absolute);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function kindOf(stat: { isDirectory(): boolean; isFile(): boolean }): Followed['kind'] {
  return stat.isDirectory() ? 'directory' : stat.isFile() ? 'file' : 'other';
}
