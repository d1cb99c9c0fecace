import type { Artifact } from '../artifacts/artifact.ts';
import { sha256 } from './bytes.ts';
import { type Action, type Decision, decide, executable, isBase } from './decide.ts';
import { unifiedDiff } from './diff.ts';
import { WorkspaceError } from './errors.ts';
import { checkPath, type FileState, readState } from './locate.ts';
import {
  type Entries,
  type Entry,
  type Known,
  loadBase,
  loadState,
  proposalPath,
  type State,
} from './state.ts';

export type { Action } from './decide.ts';

/** What becomes of one file. */
export interface Change {
  readonly path: string;
  readonly target: string;
  readonly action: Action;
  /** From the file as it is to what it becomes; for `conflict` and `foreign`, to the rendering beside it. */
  readonly diff: string;
  /** Deleted by hand, and left so. */
  readonly deleted?: true;
  /** No longer rendered. */
  readonly stale?: true;
  /** What a person should know. */
  readonly note?: string;
  readonly effect: Effect;
}

/** What `apply` does for a change; nothing where a field is absent. */
export interface Effect {
  /** SHA-256 of the file that was looked at, so that a later edit of it is noticed; null: there was none. */
  readonly seen: string | null;
  readonly write?: FileState;
  readonly remove?: true;
  readonly base?: Uint8Array | 'remove';
  readonly proposal?: Uint8Array | 'remove';
  readonly entry?: Entry;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Whether applying it changes a file or leaves a rendering beside one. */
  readonly drift: boolean;
  /** The manifest's new content. */
  readonly entries: Entries;
}

export interface PlanOptions {
  /** Drop hand edits and overwrite files of others. */
  readonly force?: boolean;
  /** Remove what is no longer rendered and was never edited. */
  readonly prune?: boolean;
  /** Targets that were rendered, with or without artifacts: only their files can be stale. */
  readonly targets?: Iterable<string>;
  /** Paths whose files, as they are, answer the new rendering. */
  readonly keepMine?: Iterable<string>;
}

/** Compares a rendering with the project; writes nothing. */
export async function plan(
  root: string,
  artifacts: readonly Artifact[],
  options: PlanOptions = {},
): Promise<Plan> {
  const state = await loadState(root);
  const wanted = new Set(artifacts.map(artifact => artifact.path));
  if (wanted.size < artifacts.length)
    throw new WorkspaceError(`two artifacts have one path: ${twice(artifacts)}`);
  const kept = new Set(options.keepMine ?? []);
  for (const path of kept) {
    if (!wanted.has(path))
      throw new WorkspaceError(`${path}: not among the files rendered now; name one that is`);
  }
  const changes: Change[] = [];
  for (const artifact of artifacts) {
    changes.push(
      await planArtifact(root, artifact, state, { ...options, keepMine: kept.has(artifact.path) }),
    );
  }
  const targets = new Set(options.targets ?? artifacts.map(artifact => artifact.target));
  const entries: Record<string, Entry> = { ...state.entries };
  for (const [path, { target }] of Object.entries(state.entries)) {
    if (wanted.has(path) || !targets.has(target)) continue;
    const change = await planStale(root, path, target, state, options.prune ?? false);
    changes.push(change);
  }
  for (const { path, effect } of changes) {
    if (effect.entry) entries[path] = effect.entry;
    else delete entries[path];
  }
  changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  // A record of a file that is gone is dropped without a word.
  const visible = changes.filter(change => !(change.stale && change.deleted));
  return { changes, drift: visible.some(change => change.action !== 'keep'), entries };
}

const DELETED = 'you deleted it; --force writes it again';

type ArtifactOptions = Omit<PlanOptions, 'keepMine'> & { readonly keepMine: boolean };

async function planArtifact(
  root: string,
  artifact: Artifact,
  state: State,
  options: ArtifactOptions,
): Promise<Change> {
  const { path, target } = artifact;
  checkPath(path);
  const mine = await readState(root, path);
  const known = await loadBase(root, path, state, mine);
  const theirs = { bytes: Buffer.from(artifact.content), mode: artifact.mode ?? 0o644 };
  const decision = decide(mine, known.base, theirs, options);
  const proposal = await planProposal(root, path, known.entry, decision.propose ? theirs.bytes : undefined);
  const base = decision.settled && !sameBytes(known.copy?.bytes, theirs.bytes) ? theirs.bytes : undefined;
  const note = proposal.note ?? (decision.deleted && !mine && !options.keepMine ? DELETED : undefined);
  const shown = decision.result ?? (decision.propose ? theirs : mine);
  return {
    path,
    target,
    action: decision.action,
    // Made where it is asked for: most renders show none.
    get diff() {
      return unifiedDiff(path, mine, shown);
    },
    ...(decision.deleted && { deleted: true }),
    ...(note !== undefined && { note }),
    effect: {
      seen: mine ? sha256(mine.bytes) : null,
      ...(decision.result && { write: decision.result }),
      ...(base && { base }),
      ...(proposal.effect !== undefined && { proposal: proposal.effect }),
      entry: entryOf(target, decision, known, theirs, proposal.proposed),
    },
  };
}

function entryOf(
  target: string,
  decision: Decision,
  { base }: Known,
  theirs: FileState,
  proposed: string | undefined,
): Entry {
  const compared = decision.settled ? { sha256: sha256(theirs.bytes), mode: theirs.mode } : base;
  return {
    target,
    ...(compared && { sha256: compared.sha256 }),
    ...(compared && executable(compared.mode) && { mode: compared.mode }),
    ...(proposed !== undefined && { proposed }),
  };
}

interface Proposal {
  readonly effect?: Uint8Array | 'remove';
  readonly proposed?: string;
  readonly note?: string;
}

/** The `.aideploy-new` beside a file: written, refreshed or removed, but never where someone else wrote in it. */
async function planProposal(
  root: string,
  path: string,
  entry: Entry | undefined,
  bytes: Uint8Array | undefined,
): Promise<Proposal> {
  const name = proposalPath(path);
  if (bytes === undefined && entry?.proposed === undefined) return {};
  const found = await readState(root, name);
  const ours = found === undefined || sha256(found.bytes) === entry?.proposed;
  if (bytes === undefined) return found && ours ? { effect: 'remove' } : {};
  if (sameBytes(found?.bytes, bytes)) return { proposed: sha256(bytes) };
  if (ours) return { effect: bytes, proposed: sha256(bytes) };
  const note = `${name} was edited and is left as it is; remove it to get the new rendering`;
  return { note, ...(entry?.proposed !== undefined && { proposed: entry.proposed }) };
}

async function planStale(
  root: string,
  path: string,
  target: string,
  state: State,
  prune: boolean,
): Promise<Change> {
  const mine = await readState(root, path);
  const { base, entry, copy } = await loadBase(root, path, state, mine);
  const proposal = await planProposal(root, path, entry, undefined);
  const change = { path, target, stale: true, diff: '' } as const;
  const seen = mine ? sha256(mine.bytes) : null;
  const dropped = {
    ...(copy && { base: 'remove' as const }),
    ...(proposal.effect && { proposal: proposal.effect }),
  };
  // Gone, or never ours.
  if (!mine || !base) return { ...change, action: 'keep', deleted: true, effect: { seen, ...dropped } };
  if (prune && isBase(mine, base)) {
    const diff = unifiedDiff(path, mine, undefined);
    return { ...change, diff, action: 'prune', effect: { seen, remove: true, ...dropped } };
  }
  const note = isBase(mine, base)
    ? 'no longer rendered; --prune removes it'
    : 'no longer rendered, but edited by hand: remove it if it is not needed';
  return { ...change, action: 'keep', note, effect: { seen, ...(entry && { entry }) } };
}

function sameBytes(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left !== undefined && right !== undefined && Buffer.compare(left, right) === 0;
}

function twice(artifacts: readonly Artifact[]): string {
  const seen = new Set<string>();
  return artifacts.find(({ path }) => seen.size === seen.add(path).size)?.path ?? '';
}
