import type { Release } from '../../release/release.ts';
import { writeFileAtomic } from '../../workspace/write.ts';
import type { Context } from '../context.ts';

/** A copy of the record in the project: one file a release, as it is now. */
export async function mirrorRecord(
  { root }: Context,
  platform: string,
  releases: readonly Release[],
): Promise<void> {
  for (const release of releases) {
    const name = `${platform}-${release.environment ?? 'base'}-${release.id}`;
    await writeFileAtomic(root, `.aideploy/releases/${name}.json`, `${JSON.stringify(release, null, 2)}\n`);
  }
}
