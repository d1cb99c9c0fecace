import { command } from '../../exec/command.ts';
import type { Limits, Outcome } from '../../exec/run.ts';
import type { Answer, Obstacle } from '../answer.ts';
import { lastLines, QUOTED } from '../last-lines.ts';
import { type Machine, obstacleOf } from '../machine.ts';

/** A container of a project as the engine has it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly image: string;
  readonly imageId: string;
  /** created, running, paused, restarting, removing, exited or dead. */
  readonly state: string;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Undefined where it has no health check. */
  readonly health: string | undefined;
  readonly lastCheck: string | undefined;
  readonly restarts: number;
  /** When it was started last; milliseconds. */
  readonly startedAt: number;
  /** What kept it from being started. */
  readonly error: string;
  /** Where it came from: the files, their folder, and their hash as Compose saw them. */
  readonly files: readonly string[];
  readonly folder: string;
  readonly hash: string;
  readonly composeVersion: string;
  readonly addresses: readonly string[];
  /** Ports of the machine by those of the container. */
  readonly published: Readonly<Record<number, number>>;
  readonly env: readonly string[];
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly StartedAt: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly Output: string }[] | null;
    };
  };
  readonly Config: {
    readonly Image: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env?: readonly string[] | null;
  };
  readonly NetworkSettings: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress: string }>> | null;
    readonly Ports?: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> | null;
  };
}

const LABEL = 'com.docker.compose';

/** Asks the engine; what it says where it does not answer. */
export async function docker(
  machine: Machine,
  args: readonly string[],
  limits: Limits,
  env: Readonly<Record<string, string>> = {},
): Promise<Answer<string>> {
  const outcome = await machine.run({ ...command('docker', ...args), env }, limits);
  const obstacle = obstacleOf(machine, 'docker', outcome);
  if (obstacle) return { obstacle };
  if (outcome.status === 'ok') return { value: outcome.stdout };
  return { obstacle: unheard(machine, outcome) };
}

const unheard = ({ name }: Machine, { stderr, message }: Outcome): Obstacle => ({
  why: `docker on ${name}: ${stderr.trim().split('\n').at(-1) || message}`,
  next: 'make `docker ps` work there, or name the engine by DOCKER_HOST',
});

/** All containers of a Compose project but those of `docker compose run`. */
export async function containersOf(
  machine: Machine,
  project: string,
  limits: Limits,
): Promise<Answer<Container[]>> {
  const filters = [`label=${LABEL}.project=${project}`, `label=${LABEL}.oneoff=False`];
  const listed = await docker(
    machine,
    ['ps', '--all', '--no-trunc', '--quiet', ...filters.flatMap(each => ['--filter', each])],
    limits,
  );
  if (listed.obstacle) return listed;
  const ids = listed.value.split('\n').filter(id => id !== '');
  if (ids.length === 0) return { value: [] };
  const asked = command('docker', 'inspect', '--type', 'container', ...ids);
  const inspected = await machine.run(asked, limits);
  const obstacle = obstacleOf(machine, 'docker', inspected);
  if (obstacle) return { obstacle };
  const missing = inspected.stderr.split('\n').filter(line => line.trim() !== '');
  // What was removed since it was listed is no more; docker tells of the others all the same.
  if (inspected.status === 'ok' || (missing.length > 0 && missing.every(line => GONE.test(line))))
    return { value: (JSON.parse(inspected.stdout) as Inspected[]).map(containerOf) };
  return { obstacle: unheard(machine, inspected) };
}

const GONE = /No such (?:container|object):/;

function containerOf({
  Id,
  Name,
  Image,
  RestartCount,
  State,
  Config,
  NetworkSettings,
}: Inspected): Container {
  const label = (name: string) => Config.Labels[`${LABEL}.${name}`] ?? '';
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    service: label('service'),
    image: Config.Image,
    imageId: Image,
    state: State.Status,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    health: State.Health?.Status === 'none' ? undefined : State.Health?.Status,
    lastCheck: State.Health?.Log?.at(-1)?.Output.trim(),
    restarts: RestartCount,
    startedAt: Date.parse(State.StartedAt),
    error: State.Error,
    files: label('project.config_files')
      .split(',')
      .filter(file => file !== ''),
    folder: label('project.working_dir'),
    hash: label('config-hash'),
    composeVersion: label('version'),
    addresses: Object.values(NetworkSettings.Networks ?? {})
      .map(({ IPAddress }) => IPAddress)
      .filter(address => address !== ''),
    published: Object.fromEntries(
      Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bound]) =>
        bound?.[0] ? [[Number.parseInt(port, 10), Number(bound[0].HostPort)]] : [],
      ),
    ),
    env: Config.Env ?? [],
  };
}

/** What time it is for the engine, in milliseconds: that of its containers' starts, wherever it runs. */
export async function engineTime(machine: Machine, limits: Limits): Promise<number | undefined> {
  const { value } = await docker(machine, ['info', '--format', '{{.SystemTime}}'], limits);
  const time = Date.parse(value?.trim() ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** What a container said last: the reason of most failures. */
export async function lastWords(machine: Machine, id: string, limits: Limits): Promise<string[]> {
  return lastLines(await logEnd(machine, id, QUOTED, limits));
}

/** The end of a container's log, of both of its outputs. */
export async function logEnd(machine: Machine, id: string, lines: number, limits: Limits): Promise<string> {
  const { status, stdout, stderr } = await machine.run(
    command('docker', 'logs', '--tail', String(lines), id),
    limits,
  );
  return status === 'ok' ? `${stdout}\n${stderr}` : '';
}
