import type { Answer } from '../platforms/answer.ts';
import type { ProcessMark } from './process.ts';
import type { Release, Status, StoredFile } from './release.ts';

/** Who works on a deployment now. Whoever does, counts `beat` up; one that stands still belongs to nobody. */
export interface Lease {
  /** A secret of the run that holds it: what tells two runs of one person apart. */
  readonly token: string;
  /** who@machine */
  readonly owner: string;
  readonly action: string;
  readonly since: string;
  /** How long a beat holds. */
  readonly seconds: number;
  readonly beat: number;
  /** Who shares its machine need not wait to know that it is gone. */
  readonly process?: ProcessMark;
}

/** What was done, one line each, for ever. */
export interface AuditLine {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly release: string | null;
  readonly outcome: string;
  readonly cause?: string;
}

/** The record of releases beside the platform: whoever may deploy there sees the same. */
export interface Store {
  /** For people: where it is. */
  readonly place: string;
  /** In the order of deploys. */
  releases(signal: AbortSignal): Promise<Answer<readonly Release[]>>;
  files(id: string, signal: AbortSignal): Promise<Answer<readonly StoredFile[]>>;
  /** Whole or not at all, whenever it is interrupted; one that is there already stays as it is. */
  add(release: Release, files: readonly StoredFile[], signal: AbortSignal): Promise<Answer<void>>;
  mark(id: string, status: Status, signal: AbortSignal): Promise<Answer<void>>;
  remove(id: string, signal: AbortSignal): Promise<Answer<void>>;
  audit(line: AuditLine, signal: AbortSignal): Promise<Answer<void>>;
  lease(signal: AbortSignal): Promise<Answer<Lease | undefined>>;
  /** In one step: `next` takes the place of `seen`, or nothing happens and the answer is false. Undefined is none. */
  exchange(seen: Lease | undefined, next: Lease | undefined, signal: AbortSignal): Promise<Answer<boolean>>;
}
