import type { ProjectModel } from '../model/model.ts';
import type { Answer, Obstacle } from '../platforms/answer.ts';
import type { Release, StoredFile } from './release.ts';
import type { Store } from './store.ts';

/** How a step ended: done, or the release is bad, or the platform could not be worked with. */
export type StepEnd =
  | { readonly status: 'done'; readonly note?: string }
  | { readonly status: 'failed'; readonly cause: string; readonly details?: readonly string[] }
  | { readonly status: 'obstructed'; readonly obstacle: Obstacle };

export interface Control {
  readonly signal: AbortSignal;
  /** Tells a person what is waited for. */
  say(line: string): void;
}

/** Prepared, shown, then performed. */
export interface Step {
  readonly title: string;
  /** What a person would type to the same end; undefined where there is no such thing. */
  readonly command: string | undefined;
  /** Brings it about however often it is called, so that a run that was killed is finished by the next. */
  perform(control: Control): Promise<StepEnd>;
}

/** A release to bring about, with all that was kept of it. */
export interface Goal {
  readonly release: Release;
  readonly files: readonly StoredFile[];
  /** Whether its migrations run first: for a release that is new, never on the way back. */
  readonly migrate: boolean;
}

/** What runs, as the platform itself says, whatever the record does. */
export interface Standing {
  /** Undefined where nothing runs, or nothing that is in the record. */
  readonly current: string | undefined;
  /** Nothing runs there, so there is nothing to lose. */
  readonly empty: boolean;
}

/** What a release is made of beside its rendered files. */
export interface Content {
  readonly images: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Kept with the rendered ones: what was made of them, such as the objects of an overlay with their digests. */
  readonly files: readonly StoredFile[];
}

/** How one platform is brought from one release to another. It knows no other platform, and no order of things. */
export interface Strategy {
  readonly platform: string;
  readonly store: Store;
  /** Looks, and changes nothing. */
  inspect(signal: AbortSignal): Promise<Answer<Standing>>;
  /** Finds what the tag stands for: digests, checksums. Changes nothing; an obstacle says what is missing. */
  content(tag: string, files: readonly StoredFile[], signal: AbortSignal): Promise<Answer<Content>>;
  /** Before migrations run; undefined where there is no database of ours, or no backup of it is configured. */
  backup(goal: Goal): Step | undefined;
  /** From what runs to the goal, until the platform itself calls it ready. Migrations first, where the goal says so. */
  deploy(goal: Goal, from: Standing): readonly Step[];
  /** The same on the way back: files, images, configuration and references of secrets as they were then. */
  rollback(goal: Goal, from: Standing): readonly Step[];
  /** Before the goal is verified: until no other answers in its place. Undefined where none does any more. */
  alone?(goal: Goal): Step;
  /** A named backup in the place of the database, with a dump of what is there first. */
  restore(backup: string): readonly Step[];
  /** What the platform keeps of a release that the record gives up: programs, old revisions. */
  forget(release: Release): Step | undefined;
  /** For --record-only, where another tool applies: waits until the goal runs. Undefined where there is no such tool. */
  await?(goal: Goal): readonly Step[];
  /** What going back does not bring back on this platform, beside what holds everywhere. */
  readonly notReverted: readonly string[];
}

/** What a strategy is made for. */
export interface Surroundings {
  /** Of the chosen environment. */
  readonly model: ProjectModel;
  /** The project's folder. */
  readonly root: string;
  /** user@host, in the order in which they are brought to a release; empty for this machine. */
  readonly hosts: readonly string[];
  /** Where scripts/build.sh left what it built; below the project. */
  readonly build: string;
  /** By service: an image by its digest that is known already, whatever the tag stands for by now. */
  readonly images: Readonly<Record<string, string>>;
  readonly commit: string | null;
  readonly by: string;
}

/** An obstacle where the platform cannot be had, or the configuration does not name it. */
export type MakeStrategy = (surroundings: Surroundings) => Promise<Answer<Strategy>>;
