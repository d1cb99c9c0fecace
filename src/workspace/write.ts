import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemError } from './errors.ts';
import { locate } from './locate.ts';
import { TEMPORARY } from './state.ts';

/** A file's new content, on disk beside the project's files until it takes its place. */
export interface Staged {
  readonly path: string;
  readonly temporary: string;
  readonly absolute: string;
}

/** Writes a file so that a kill at any moment leaves it whole, old or new. For files of the project only. */
export async function writeFileAtomic(
  root: string,
  path: string,
  content: string | Uint8Array,
  mode?: number,
): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const staged = await stage(root, { path, bytes, ...(mode !== undefined && { mode }) });
  await commit(staged);
  await syncFolders([staged.absolute]);
  await cleanTemporary(root);
}

export interface Write {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Without it the system's default for new files holds. */
  readonly mode?: number;
  /** What can be made again need not outlast a power failure; waiting for the disk takes most of the time. */
  readonly transient?: true;
}

/** Puts content on disk under a temporary name. */
async function stage(root: string, { path, bytes, mode, transient }: Write): Promise<Staged> {
  const { absolute, exists } = await locate(root, path);
  const { absolute: temporary } = await locate(
    root,
    `${TEMPORARY}/${process.pid}-${randomBytes(8).toString('hex')}`,
  );
  try {
    await makeFolder(dirname(temporary));
    await makeFolder(dirname(absolute));
    const file = await open(temporary, 'wx', mode ?? 0o644);
    try {
      await file.writeFile(bytes);
      // A file that is there keeps its permissions to the bit; for a new one the user's umask has its say.
      if (exists && mode !== undefined) await file.chmod(mode);
      if (!transient) await file.sync();
    } finally {
      await file.close();
    }
    return { path, temporary, absolute };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw systemError(error, path);
  }
}

/** Stages many files side by side, for the time goes into waiting for the disk; all of them, or none. */
export async function stageAll(root: string, writes: readonly Write[]): Promise<Staged[]> {
  const results = await Promise.allSettled(writes.map(write => stage(root, write)));
  const staged = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find(result => result.status === 'rejected');
  if (failed) {
    await discard(staged);
    throw failed.reason;
  }
  return staged;
}

/** mkdir's own `recursive` calls a read-only file system ENOENT. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      await makeFolder(dirname(folder));
      await makeFolder(folder);
    } else if (code !== 'EEXIST' && code !== 'EISDIR') throw error;
  }
}

export async function commit({ path, temporary, absolute }: Staged): Promise<void> {
  try {
    await rename(temporary, absolute).catch(async error => {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      await acrossFileSystems(temporary, absolute);
    });
  } catch (error) {
    await discard([{ path, temporary, absolute }]);
    throw systemError(error, path);
  }
}

/** A folder of the project may be a mount of its own, into which nothing can be renamed. */
async function acrossFileSystems(temporary: string, absolute: string): Promise<void> {
  const beside = join(dirname(absolute), `.${basename(temporary)}.aideploy-tmp`);
  try {
    await copyFile(temporary, beside);
    const file = await open(beside, 'r+');
    const { mode } = await file.stat();
    await file.sync();
    await file.close();
    await chmod(beside, mode);
    await rename(beside, absolute);
    await rm(temporary, { force: true });
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

export async function discard(staged: readonly Staged[]): Promise<void> {
  for (const { temporary } of staged) {
    await rm(temporary, { force: true }).catch(() => undefined);
    await rmdir(dirname(temporary)).catch(() => undefined);
  }
}

/** Removes a file, and the folders which it leaves empty. */
export async function removeFile(root: string, path: string): Promise<void> {
  const { absolute, exists } = await locate(root, path);
  try {
    if (exists) await rm(absolute, { force: true });
  } catch (error) {
    throw systemError(error, path);
  }
  for (let depth = path.split('/').length - 1; depth > 0; depth--) {
    const folder = path.split('/').slice(0, depth).join('/');
    const emptied = await rmdir(join(root, folder)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

/** Makes renames last through a power failure. Not every system can, and none needs it to be right after a kill. */
export async function syncFolders(files: readonly string[]): Promise<void> {
  const folders = new Set(files.map(file => dirname(file)));
  await Promise.all(
    [...folders].map(async folder => {
      const handle = await open(folder, 'r').catch(() => undefined);
      await handle?.sync().catch(() => undefined);
      await handle?.close();
    }),
  );
}

/** Removes what this run and killed ones left in the temporary folder, but nothing of one that still runs. */
export async function cleanTemporary(root: string): Promise<void> {
  const { absolute: folder } = await locate(root, `${TEMPORARY}/any`).then(({ absolute }) => ({
    absolute: dirname(absolute),
  }));
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!runs(Number.parseInt(name, 10)))
      await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
  await rmdir(folder).catch(() => undefined);
}

function runs(pid: number): boolean {
  if (Number.isNaN(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
