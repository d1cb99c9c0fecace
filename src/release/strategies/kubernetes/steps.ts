import type { Answer } from '../../../platforms/answer.ts';
import type { KubeObject } from '../../../platforms/kubernetes/discovery.ts';
import { MANAGER } from '../../../platforms/kubernetes/marks.ts';
import type { StoredFile } from '../../release.ts';
import type { Control, Goal, Standing, Step, StepEnd } from '../../strategy.ts';
import { applyAll } from './apply.ts';
import { hasDatabase, hasMigrations, isOfDatabase, migrate, migrationJob } from './database.ts';
import { isWorkload, OBJECTS, objectsIn, type Workload } from './objects.ts';
import type { Place } from './place.ts';
import { prune } from './prune.ts';
import { leftOutOf, unpacking } from './record.ts';
import { serving } from './wait.ts';

/** One way: forward it asks first and migrates; back it takes what was its own. */
interface Way {
  readonly place: Place;
  readonly goal: Goal;
  readonly back: boolean;
  readonly objects: readonly KubeObject[];
  /** What was applied before; undefined where nothing of ours was. Read once. */
  former(signal: AbortSignal): Promise<Answer<readonly KubeObject[] | undefined>>;
}

export function stepsTo(
  place: Place,
  goal: Goal,
  { current }: Standing,
  files: (id: string, signal: AbortSignal) => Promise<Answer<readonly StoredFile[]>>,
  back: boolean,
): readonly Step[] {
  const objects = objectsIn(goal.files);
  if (!objects) return [unrecorded(goal)];
  const way: Way = { place, goal, back, objects, former: remembered(current, files) };
  return [
    ...(back ? [] : [asking(way)]),
    ...(hasDatabase(place) ? database(way) : []),
    ...(goal.migrate && hasMigrations(place) ? migrations(way) : []),
    applying(way, `apply ${way.objects.length} objects of ${goal.release.id}`, objects),
    ...waiting(way, objects.filter(isWorkload)),
    pruning(way),
  ];
}

/** The same for every step of a run. */
function remembered(
  id: string | undefined,
  files: (id: string, signal: AbortSignal) => Promise<Answer<readonly StoredFile[]>>,
): Way['former'] {
  let known: readonly KubeObject[] | undefined;
  return async signal => {
    if (id === undefined || known) return { value: known };
    const { value, obstacle } = await files(id, signal);
    if (obstacle) return { obstacle };
    known = objectsIn(value) ?? [];
    return { value: known };
  };
}

const unrecorded = ({ release }: Goal): Step => ({
  title: `apply the objects of ${release.id}`,
  command: undefined,
  perform: async () => ({
    status: 'failed',
    cause: `the record of ${release.id} holds no ${OBJECTS}: a ConfigMap has no room for so much`,
    details: [`deploy it again from its commit${release.commit === null ? '' : ` ${release.commit}`}`],
  }),
});

const applyCommand = ({ place, goal }: Way, flags = ''): string =>
  `${unpacking(place.namespace, place.project, goal.release)} | kubectl apply --server-side --field-manager ${MANAGER}${flags} --filename -`;

const asking = (way: Way): Step => ({
  title: `ask the cluster whether it takes the objects of ${way.goal.release.id}`,
  command: applyCommand(way, ' --dry-run=server'),
  perform: control => send(way, way.objects, true, control),
});

const applying = (way: Way, title: string, objects: readonly KubeObject[]): Step => ({
  title,
  command: applyCommand(way, way.back ? ' --force-conflicts' : ''),
  async perform(control) {
    const end = await send(way, objects, false, control);
    const leftOut = leftOutOf(way.goal.release, way.goal.files);
    if (end.status !== 'done' || leftOut.length === 0) return end;
    return { ...end, note: `${end.note}; its record has no room for ${leftOut.join(', ')}` };
  },
});

async function send(
  { place, goal, back, former }: Way,
  objects: readonly KubeObject[],
  dryRun: boolean,
  control: Control,
): Promise<StepEnd> {
  const { value, obstacle } = await former(control.signal);
  if (obstacle) return { status: 'obstructed', obstacle };
  return applyAll(place, objects, { release: goal.release.id, former: value, back, dryRun }, control);
}

function database(way: Way): Step[] {
  const own = way.objects.filter(object => isOfDatabase(object) || object.kind === 'Namespace');
  return [applying(way, 'apply the objects of the database', own), ...waiting(way, own.filter(isWorkload))];
}

/** Where the database is elsewhere, what the migrations need comes with them. */
function migrations(way: Way): Step[] {
  const { place, goal, objects } = way;
  const own = objects.filter(object => isOfDatabase(object) || object.kind === 'Namespace');
  const name = migrationJob(place, goal.release);
  return [
    ...(hasDatabase(place) ? [] : [applying(way, 'apply what the migrations need', own)]),
    {
      title: `run the migrations of ${goal.release.id}`,
      command: `kubectl --namespace ${place.namespace} create job ${name} --from cronjob/${name.replace(/-[^-]*$/, '')}`,
      perform: control => migrate(place, objects, goal.release, control),
    },
  ];
}

/** Jobs alone leave nothing to wait for. */
const waiting = ({ place }: Way, workloads: readonly Workload[]): Step[] =>
  workloads.length === 0 ? [] : [serving(place, workloads)];

const pruning = ({ place, goal, objects, former }: Way): Step => ({
  title: `delete what ${goal.release.id} does not have any more`,
  command: undefined,
  async perform(control) {
    const { value = [], obstacle } = await former(control.signal);
    return obstacle ? { status: 'obstructed', obstacle } : prune(place, objects, value, control);
  },
});
