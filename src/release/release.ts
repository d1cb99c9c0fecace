/** Never seen to work; proven to work; proven not to; worked until something else took its place. */
export type Status = 'unverified' | 'verified' | 'failed' | 'superseded';

/**
 * Whether the release before still works with what this one's migrations leave behind: `expand` says yes,
 * `contract` no, and where nobody said anything it is not known.
 */
export type Migration = 'none' | 'expand' | 'contract' | 'unmarked';

/** What was deployed. All but its status is written once, and never changes. */
export interface Release {
  readonly version: 1;
  /** The tag; `<tag>+2` where the same tag came again with other content. */
  readonly id: string;
  /** In the order of deploys. */
  readonly sequence: number;
  readonly platform: string;
  readonly environment: string | null;
  readonly tag: string;
  /** By service: an image that stays what it is, by its digest. */
  readonly images: Readonly<Record<string, string>>;
  /** By file: the SHA-256 of programs and packages, where there are no images. */
  readonly checksums: Readonly<Record<string, string>>;
  /** By path: the SHA-256 of the files that were rendered for it. */
  readonly files: Readonly<Record<string, string>>;
  /** By name: the version of a secret, where the platform has versions of it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** SHA-256 of the resolved configuration. */
  readonly configuration: string;
  /** SHA-256 of all that it is made of: two releases with the same are the same. */
  readonly content: string;
  readonly migration: Migration;
  /** SHA-256 of the files of its migrations, where the configuration names them. */
  readonly migrations?: string;
  readonly commit: string | null;
  readonly at: string;
  readonly by: string;
  /** What ran before it. */
  readonly previous: string | null;
  readonly status: Status;
}

/** A file of a release, kept with it: a rendered one as it was deployed, or one made of them. */
export interface StoredFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Whether it was seen to work, now or before something took its place. */
export const isProven = ({ status }: Release): boolean => status === 'verified' || status === 'superseded';

/**
 * The last release before the current one that was seen to work: what ran before it, what ran before that, and so on.
 * A release that somebody went back from is thereby left out, though it was verified once.
 */
export function lastVerifiedBefore(
  releases: readonly Release[],
  current: string | undefined,
): Release | undefined {
  const byId = new Map(releases.map(release => [release.id, release]));
  const start = current === undefined ? undefined : byId.get(current);
  const seen = new Set(current === undefined ? [] : [current]);
  for (let id = start?.previous ?? null; id !== null && !seen.has(id); ) {
    seen.add(id);
    const former = byId.get(id);
    if (!former) break;
    if (isProven(former)) return former;
    id = former.previous;
  }
  // Where the chain is broken, or nothing of ours runs, the order of deploys decides.
  return releases
    .filter(release => isProven(release) && !seen.has(release.id))
    .filter(({ sequence }) => sequence < (start?.sequence ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => b.sequence - a.sequence)[0];
}

/** A tag names one content; when it comes again with another, that is another release. */
export function identify(
  releases: readonly Release[],
  tag: string,
  content: string,
): { readonly id: string; readonly known: Release | undefined } {
  for (let count = 1; ; count++) {
    const id = count === 1 ? tag : `${tag}+${count}`;
    const known = releases.find(release => release.id === id);
    if (!known || known.content === content) return { id, known };
  }
}
