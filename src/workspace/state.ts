import { sha256, textOf } from './bytes.ts';
import type { Base } from './decide.ts';
import { WorkspaceError } from './errors.ts';
import { checkPath, type FileState, readState } from './locate.ts';

/** What aideploy knows of the files that it rendered; committed, so that later renders merge. */
export const FOLDER = '.aideploy';
export const MANIFEST = `${FOLDER}/manifest.json`;
export const ATTRIBUTES = `${FOLDER}/.gitattributes`;
export const TEMPORARY = `${FOLDER}/tmp`;
export const JOURNAL = `${TEMPORARY}/journal.json`;

export const basePath = (path: string): string => `${FOLDER}/rendered/${path}`;
export const proposalPath = (path: string): string => `${path}.aideploy-new`;

export interface Entry {
  readonly target: string;
  /** Of the rendering that later renders compare with; absent while the file is not ours. */
  readonly sha256?: string;
  readonly mode?: number;
  /** Of the `.aideploy-new` that we wrote. */
  readonly proposed?: string;
}

export type Entries = Readonly<Record<string, Entry>>;

/** What a run was about to do to a file; left over only where the run was killed. */
export interface JournalEntry {
  /** SHA-256 of the file once written. */
  readonly result: string;
  /** The rendering that it then is compared with. */
  readonly base: string;
  readonly entry: Entry;
}

export interface State {
  readonly entries: Entries;
  readonly journal: Journal;
}

/** By path; several where several runs were killed one after the other. */
export type Journal = Readonly<Record<string, readonly JournalEntry[]>>;

export async function loadState(root: string): Promise<State> {
  const [manifest, journal] = await Promise.all([readState(root, MANIFEST), readState(root, JOURNAL)]);
  return {
    entries: manifest ? parseManifest(manifest.bytes) : {},
    journal: journal ? parseJournal(journal.bytes) : {},
  };
}

/** What was last rendered at a path: as far as it can be trusted, as recorded, and the copy as it is. */
export interface Known {
  readonly base: Base | undefined;
  readonly entry: Entry | undefined;
  readonly copy: FileState | undefined;
}

export async function loadBase(
  root: string,
  path: string,
  { entries, journal }: State,
  mine: FileState | undefined,
): Promise<Known> {
  const copy = await readState(root, basePath(path));
  for (const begun of Object.hasOwn(journal, path) ? (journal[path] ?? []) : []) {
    const bytes = Buffer.from(begun.base);
    const wrote = mine !== undefined && sha256(mine.bytes) === begun.result;
    if (!wrote && !(copy && Buffer.compare(copy.bytes, bytes) === 0)) continue;
    // A killed run had written the file, though perhaps not what belongs to it.
    const base = { bytes, sha256: sha256(bytes), mode: begun.entry.mode ?? 0o644 };
    return { base, entry: begun.entry, copy };
  }
  const entry = Object.hasOwn(entries, path) ? entries[path] : undefined;
  const mode = entry?.mode ?? 0o644;
  if (!copy)
    return {
      base: entry?.sha256 ? { bytes: undefined, sha256: entry.sha256, mode } : undefined,
      entry,
      copy,
    };
  const known = sha256(copy.bytes);
  if (entry?.sha256 && entry.sha256 !== known) {
    // Something, such as a search-and-replace over all files, changed the copy too: it tells edits no more.
    return { base: { bytes: undefined, sha256: entry.sha256, mode }, entry, copy };
  }
  return { base: { bytes: copy.bytes, sha256: known, mode }, entry, copy };
}

export function formatManifest(entries: Entries): string {
  const files = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}

function parseManifest(bytes: Uint8Array): Entries {
  const broken = (what: string): never => {
    throw new WorkspaceError(
      `${MANIFEST}: ${what}; restore it from version control, or delete it: the copies in ${FOLDER}/rendered are enough to go on`,
    );
  };
  const value = parseJson(bytes);
  if (!isRecord(value)) return broken('not a JSON object');
  if (value['version'] !== 1) {
    return broken(`version ${JSON.stringify(value['version'])} is not known to this aideploy, which knows 1`);
  }
  const files = value['files'];
  if (!isRecord(files)) return broken('"files" is not an object');
  for (const [path, entry] of Object.entries(files)) {
    checkPath(path);
    if (!isEntry(entry)) broken(`the entry of ${JSON.stringify(path)} is not one that aideploy writes`);
  }
  return files as Entries;
}

function parseJournal(bytes: Uint8Array): Journal {
  const value = parseJson(bytes);
  return isRecord(value) ? (value as Journal) : {};
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? '');
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || typeof value['target'] !== 'string') return false;
  const hash = (hex: unknown) => hex === undefined || (typeof hex === 'string' && /^[0-9a-f]{64}$/.test(hex));
  const mode = value['mode'];
  return hash(value['sha256']) && hash(value['proposed']) && (mode === undefined || Number.isInteger(mode));
}
