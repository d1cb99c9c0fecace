import { sha256 } from './bytes.ts';
import { WorkspaceError } from './errors.ts';
import { readState } from './locate.ts';
import type { Change, Plan } from './plan.ts';
import {
  ATTRIBUTES,
  basePath,
  formatManifest,
  JOURNAL,
  type Journal,
  type JournalEntry,
  loadState,
  MANIFEST,
  proposalPath,
} from './state.ts';
import {
  cleanTemporary,
  commit,
  discard,
  removeFile,
  type Staged,
  stageAll,
  syncFolders,
  type Write,
} from './write.ts';

const ATTRIBUTES_TEXT = `# What aideploy rendered last, byte for byte, so that later renders merge with hand edits.
manifest.json linguist-generated
rendered/** -text linguist-generated
`;

interface ApplyOptions {
  /** Called before each file takes its place or goes. */
  readonly onWrite?: (path: string) => void;
}

/**
 * Does what a plan says. Everything is on disk before the first file takes its place, so a full disk
 * changes nothing; then each file goes before the copy that records it, and the manifest last, so
 * that a run which is killed is finished by the next one.
 */
export async function apply(
  root: string,
  plan: Plan,
  { onWrite = () => {} }: ApplyOptions = {},
): Promise<void> {
  await refuseEdited(root, plan.changes);
  const staged: Staged[] = [];
  try {
    staged.push(...(await stageAll(root, await writesOf(root, plan))));
    const manifest = staged.filter(file => file.path === MANIFEST);
    for (const file of staged.filter(each => each.path !== MANIFEST)) {
      onWrite(file.path);
      await commit(file);
    }
    for (const path of removalsOf(plan.changes)) {
      onWrite(path);
      await removeFile(root, path);
    }
    for (const file of manifest) {
      onWrite(file.path);
      await commit(file);
    }
    await syncFolders(staged.map(file => file.absolute));
  } catch (error) {
    await discard(staged);
    throw error;
  }
  onWrite(JOURNAL);
  await cleanTemporary(root);
}

/** In the order in which files take their places. */
async function writesOf(root: string, { changes, entries }: Plan): Promise<Write[]> {
  const writes: Write[] = [];
  for (const { path, effect } of changes) {
    if (effect.write) writes.push({ path, ...effect.write });
    if (effect.proposal && effect.proposal !== 'remove')
      writes.push({ path: proposalPath(path), bytes: effect.proposal });
    if (effect.base && effect.base !== 'remove')
      writes.push({ path: basePath(path), bytes: effect.base, transient: true });
  }
  const manifest = Buffer.from(formatManifest(entries));
  const before = await readState(root, MANIFEST);
  const recorded = before ? Buffer.compare(before.bytes, manifest) === 0 : Object.keys(entries).length === 0;
  if (writes.length === 0 && recorded) return [];
  if (!(await readState(root, ATTRIBUTES)))
    writes.push({ path: ATTRIBUTES, bytes: Buffer.from(ATTRIBUTES_TEXT), transient: true });
  const { journal } = await loadState(root);
  return [
    { path: JOURNAL, bytes: journalOf(changes, journal), transient: true },
    ...writes,
    { path: MANIFEST, bytes: manifest },
  ];
}

/** What the next run has to know of a file that this one, or one before, wrote without getting to the end. */
function journalOf(changes: readonly Change[], before: Journal): Uint8Array {
  const journal: Record<string, readonly JournalEntry[]> = { ...before };
  for (const { path, effect } of changes) {
    const { write, base, entry } = effect;
    if (!write || !entry || !(base instanceof Uint8Array)) continue;
    const begun = { result: sha256(write.bytes), base: Buffer.from(base).toString(), entry };
    journal[path] = [begun, ...(before[path] ?? [])];
  }
  return Buffer.from(JSON.stringify(journal));
}

function removalsOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ path, effect }) => [
    ...(effect.remove ? [path] : []),
    ...(effect.proposal === 'remove' ? [proposalPath(path)] : []),
    ...(effect.base === 'remove' ? [basePath(path)] : []),
  ]);
}

/** Someone may have edited a file since it was looked at. */
async function refuseEdited(root: string, changes: readonly Change[]): Promise<void> {
  for (const { path, effect } of changes) {
    if (!effect.write && !effect.remove) continue;
    const now = await readState(root, path);
    if ((now ? sha256(now.bytes) : null) !== effect.seen) {
      throw new WorkspaceError(
        `${path}: changed while it was being rendered; nothing was written, run again`,
      );
    }
  }
}
