import type { Site } from '../../../platforms/windows/site.ts';

export interface Place {
  readonly site: Site;
  /** Of the deployment: `releases`, `current.txt`, `history.jsonl`, `lease`. */
  readonly folder: string;
  /** The project's rendered scripts. */
  readonly scripts: string;
  /** What scripts/build.sh made. */
  readonly build: string;
}

/** Where release.cmd keeps a release: its programs, and the scripts that start them. */
export const kept = ({ folder }: Place, id: string): string => `${folder}\\releases\\${id}`;

/** The release that runs, as the scripts say; undefined where nothing was installed. */
export async function currentOf({ site, folder }: Place): Promise<string | undefined> {
  return (await site.read(`${folder}\\current.txt`))?.trim() || undefined;
}
