import type { Release } from '../../release/release.ts';
import { writeFileAtomic } from '../../workspace/write.ts';
import type { Context } from '../context.ts';

const FOLDER = '.aideploy/releases';

/**
 * A copy of the record in the project: one file a release, as it is now. Git looks past it: a deploy must not make a working
 * tree unclean, which the next build would refuse.
 */
export async function mirrorRecord(
  { root }: Context,
  platform: string,
  releases: readonly Release[],
): Promise<void> {
  if (releases.length > 0) await writeFileAtomic(root, `${FOLDER}/.gitignore`, '*\n');
  for (const release of releases) {
    const name = `${platform}-${release.environment ?? 'base'}-${release.id}`;
    await writeFileAtomic(root, `${FOLDER}/${name}.json`, `${JSON.stringify(release, null, 2)}\n`);
  }
}
