import { command } from '../../exec/command.ts';
import { type Container, containersOf, docker } from '../../platforms/compose/containers.ts';
import { type Machine, obstacleOf } from '../../platforms/machine.ts';
import { blocked } from '../asking.ts';
import { fail, failedToLook, type Observation, pass, undecided } from '../probe.ts';
import { PRODUCTION_FILE } from './project.ts';

export interface Project {
  readonly machine: Machine;
  readonly project: string;
  readonly rendered: Readonly<Record<string, string>>;
  /** Of the environment; else that of what runs is taken. */
  readonly tag: string | undefined;
  readonly tagged: readonly string[];
  /** Ran once, of whichever release brought them. */
  readonly tasks: readonly string[];
}

const UP = `docker compose -f ${PRODUCTION_FILE} up --detach --wait`;

export async function lookAtDrift(data: Project, signal: AbortSignal): Promise<Observation> {
  const { machine, project, rendered } = data;
  const { value: all, obstacle } = await containersOf(machine, project, { signal });
  if (obstacle) return blocked(obstacle, `the project ${project} to be looked at`);
  const [first] = all;
  if (!first)
    return fail({
      observed: `no container of project ${project}`,
      expected: 'a project that runs',
      next: UP,
    });
  for (const file of first.files) {
    const content = await machine.run(command('cat', '--', file), { signal });
    const why = obstacleOf(machine, 'cat', content);
    if (why) return blocked(why, `${file} to be read`);
    if (content.status !== 'ok')
      return failedToLook({
        observed: content.stderr.trim(),
        expected: 'the file that the project was started from',
        next: `start it again: ${UP}`,
      });
    const wanted = rendered[file.split('/').at(-1) ?? ''];
    if (wanted !== undefined && wanted !== content.stdout)
      return fail({
        observed: `${file} is not what is rendered`,
        expected: 'the rendered file',
        next: `aideploy render, then ${UP}`,
      });
  }
  return compareHashes(data, all, first, signal);
}

/** Compose marks each container with a hash of what it was made from. */
async function compareHashes(
  { machine, project, tag, tagged, tasks }: Project,
  all: readonly Container[],
  first: Container,
  signal: AbortSignal,
) {
  const running =
    tag ?? all.filter(({ service }) => tagged.includes(service)).map(({ image }) => tagIn(image))[0];
  const variables: Record<string, string> = running === undefined ? {} : { AIDEPLOY_TAG: running };
  const version = await docker(machine, ['compose', 'version', '--short'], { signal });
  if (version.obstacle) return blocked(version.obstacle, 'Docker Compose');
  const flags = [
    '--project-name',
    project,
    '--project-directory',
    first.folder,
    ...first.files.flatMap(file => ['--file', file]),
  ];
  const hashes = await docker(machine, ['compose', ...flags, 'config', '--hash', '*'], { signal }, variables);
  if (hashes.obstacle) return blocked(hashes.obstacle, 'the hash of every service');
  const wanted = new Map(
    hashes.value
      .trim()
      .split('\n')
      .map(line => line.trim().split(/\s+/) as [string, string]),
  );
  const differ = all.filter(({ service, hash }) => !tasks.includes(service) && wanted.get(service) !== hash);
  if (differ.length === 0)
    return pass(`${all.length} containers are as ${first.files.join(', ')} and its .env say`);
  const names = differ.map(({ name }) => name).join(', ');
  const expected = 'containers as the file and its .env say';
  if (first.composeVersion !== version.value.trim())
    return undecided({
      observed: `${names} were made by Compose ${first.composeVersion}, whose hashes this one does not know`,
      expected,
      next: UP,
    });
  return fail({ observed: `${names} were made from something else`, expected, next: UP });
}

const tagIn = (image: string): string | undefined => /:([^/:@]+)$/.exec(image.replace(/@.*$/, ''))?.[1];
