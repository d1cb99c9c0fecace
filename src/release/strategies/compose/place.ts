import { type Command, command } from '../../../exec/command.ts';
import type { Machine } from '../../../platforms/machine.ts';
import type { Release } from '../../release.ts';
import { RELEASE_FILE } from './content.ts';
import { PRODUCTION_FILE } from './file.ts';

/** Where a project runs, and where its releases are kept. */
export interface Place {
  readonly machine: Machine;
  /** As Compose names it. */
  readonly project: string;
  /** The project's name, with that of the environment. */
  readonly deployment: string;
  /** `<state>/<id>` is a release, and the link `current` leads to the files of the one that runs. */
  readonly state: string;
  /** The command that makes the folder. */
  readonly make: string;
  /** Holds .env and secrets/. */
  readonly settings: string;
}

/** Of the project's folder when it runs: one path for every release, so that what did not change stays as it is. */
const projectFolder = ({ state }: Place): string => `${state}/current`;

export function compose(
  place: Place,
  { tag }: Release,
  args: readonly string[],
  folder = projectFolder(place),
): Command {
  const files = [PRODUCTION_FILE, RELEASE_FILE].flatMap(file => ['--file', `${folder}/${file}`]);
  return {
    ...command(
      'docker',
      'compose',
      '--project-name',
      place.project,
      '--project-directory',
      folder,
      ...files,
      ...args,
    ),
    env: { AIDEPLOY_TAG: tag },
  };
}
