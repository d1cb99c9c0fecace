import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { command, shellLine } from '../../../exec/command.ts';
import { type ProjectModel, servicesOf } from '../../../model/model.ts';
import { seconds } from '../../../model/references.ts';
import { containersOf } from '../../../platforms/compose/containers.ts';
import { machineOf } from '../../../platforms/machine.ts';
import { backupStep, restoreStep, type Writers } from '../../backup.ts';
import { runOnHost } from '../../host-step.ts';
import { sourceFiles } from '../../source-files.ts';
import { hostStore } from '../../store/host.ts';
import type { Control, MakeStrategy, StepEnd, Strategy } from '../../strategy.ts';
import { contentOf } from './content.ts';
import { inspect } from './inspect.ts';
import type { Place } from './place.ts';
import { forgetImages, stepsTo } from './steps.ts';

/** Releases, the record and the files that Compose reads; $AIDEPLOY_STATE names another folder. */
const STATE = '/var/lib/aideploy';
/** The database beside the services, as `compose` renders it. */
const DATABASE = 'db';

/** One machine with Docker: this one, the one of DOCKER_HOST, or one that ssh reaches. */
export const makeCompose: MakeStrategy = async ({ model, root, hosts }) => {
  if (!model.targets.compose)
    return { obstacle: { why: 'aideploy.yaml has no targets.compose', next: 'add it, and render' } };
  const [host, second] = hosts;
  if (second !== undefined)
    return {
      obstacle: { why: `Compose runs on one machine: ${host} or ${second}`, next: 'give --host once' },
    };
  return { value: strategyOf(model, root, placeOf(model, root, host)) };
};

function placeOf({ name, environment }: ProjectModel, root: string, host: string | undefined): Place {
  const folder = environment === undefined ? name : `${name}-${environment}`;
  const state = `${process.env['AIDEPLOY_STATE'] ?? STATE}/${folder}`;
  const owner = host?.includes('@') ? (host.split('@')[0] ?? 'root') : userInfo().username;
  const made = command('sudo', 'install', '-d', '-o', owner, state);
  const make = shellLine(host === undefined ? made : command('ssh', '-t', host, shellLine(made)));
  return {
    machine: machineOf(host),
    project: name,
    deployment: folder,
    state,
    make: `make it: ${make}, or name another in $AIDEPLOY_STATE`,
    settings: host === undefined ? resolve(root) : state,
  };
}

function strategyOf(model: ProjectModel, root: string, place: Place): Strategy {
  const { machine, state } = place;
  const store = hostStore(machine, state, place.make);
  const outage = (key: string): string => {
    const service = model.services.find(each => each.key === key);
    return `no answer while it stops${service ? `, up to ${seconds(service.timing.stop)},` : ''} and starts`;
  };
  return {
    platform: 'compose',
    store,
    inspect: signal => inspect(place, store, signal),
    async content(tag, files, signal) {
      const sources = await sourceFiles(root, servicesOf(model, 'compose'), 0o644);
      return sources.obstacle ? sources : contentOf(machine, tag, files, sources.value, signal);
    },
    backup: ({ release: { id } }) => backupWhereItRuns(place, model, `${state}/${id}/files/deploy/backup`),
    deploy: goal => stepsTo(place, goal, outage, goal.migrate),
    rollback: goal => stepsTo(place, goal, outage, false),
    restore: backup => [
      restoreStep(machine, model, `${state}/current/deploy/backup`, backup, writersOf(place)),
    ],
    forget: release => forgetImages(place, release),
    notReverted: [`settings in ${place.settings}/.env`, 'what services wrote to their volumes'],
  };
}

/** Before the first deploy there is no database beside the services, and nothing in it. */
function backupWhereItRuns({ machine, project }: Place, model: ProjectModel, released: string) {
  const step = backupStep(machine, model, released);
  if (!step || model.database?.host !== undefined) return step;
  return {
    ...step,
    async perform(control: Control): Promise<StepEnd> {
      const { value, obstacle } = await containersOf(machine, project, control);
      if (obstacle) return { status: 'obstructed', obstacle };
      if (!value.some(({ service }) => service === DATABASE))
        return { status: 'done', note: 'there is no database yet' };
      return step.perform(control);
    },
  };
}

function writersOf({ machine, project }: Place): Writers {
  const all = async (verb: 'stop' | 'start', control: Control): Promise<StepEnd> => {
    const { value, obstacle } = await containersOf(machine, project, control);
    if (obstacle) return { status: 'obstructed', obstacle };
    const ids = value
      .filter(({ service, state }) => service !== DATABASE && (verb === 'start' || state === 'running'))
      .map(({ id }) => id);
    return ids.length === 0
      ? { status: 'done' }
      : runOnHost(machine, command('docker', verb, ...ids), control);
  };
  return { stop: control => all('stop', control), start: control => all('start', control) };
}
