/** The project is in a state in which nothing may be written. Says which path, and what to do. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}

const SAYS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; make it writable for this user',
  EDQUOT: 'the quota is used up; free some space',
  ENOSPC: 'the disk is full; free some space',
  EPERM: 'the system does not permit it; look at its owner and attributes',
  EROFS: 'the file system is read-only; render on a writable copy, or look only with --dry-run',
};

/** A system's error said in words; it keeps its code. Every file is whole when it is thrown. */
export function systemError(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const says = SAYS[code];
  if (says === undefined) return error;
  return Object.assign(new Error(`${path}: cannot be written: ${says}, then run again`, { cause: error }), {
    code,
  });
}
