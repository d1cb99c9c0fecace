import { CALM } from '../../platforms/calm.ts';
import { type Container, containersOf, engineTime, lastWords } from '../../platforms/compose/containers.ts';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass, undecided } from '../probe.ts';
import type { RolloutRow } from '../verification.ts';
import type { ComposeService } from './project.ts';

export async function lookAtServices(data: ComposeService, signal: AbortSignal): Promise<Observation> {
  const { machine, project, service, replicas, task } = data;
  const expected = task
    ? 'one that ended with 0'
    : replicas === 1
      ? 'one that runs and is healthy'
      : `${replicas} that run and are healthy`;
  const { value: all, obstacle } = await containersOf(machine, project, { signal });
  if (obstacle) return blocked(obstacle, expected);
  const own = all.filter(each => each.service === service);
  const next = `docker compose -p ${project} logs --tail 50 ${service}`;
  // Migrations that were run by hand, or failed and were taken back; what became of them the database knows.
  if (task && own.length === 0) return pass(`no container of ${service}: nothing of it is left to look at`);
  if (!task && own.length < replicas)
    return fail({
      observed: `${own.length} containers of ${service} in project ${project}`,
      expected,
      next: 'docker compose -f compose.prod.yaml up --detach --wait',
    });
  // Only a restart makes it matter; who does not tell its time is taken to share ours.
  const asked = own.some(({ restarts }) => restarts > 0) ? await engineTime(machine, { signal }) : undefined;
  const now = asked ?? Date.now();
  const rows = own.map(each => rowOf(each, troubleOf(each, task, now)));
  const bad = own.find(each => troubleOf(each, task, now) !== undefined);
  if (bad) {
    const said = await lastWords(machine, bad.id, { signal });
    const words = said.length > 0 ? `; it said last: ${said.join(' / ')}` : '';
    return fail({
      observed: `${bad.name} ${troubleOf(bad, task, now)}${words}`,
      expected,
      next,
      detail: { rollout: rows },
    });
  }
  if (own.some(({ health }) => health === 'starting'))
    return undecided({ observed: `${service} still starts`, expected, next: 'ask again with --wait 2m' });
  return pass(
    task
      ? `${service} ended with 0`
      : `${own.length} of ${replicas} run${own[0]?.health ? ', healthy' : ''}, not restarted lately`,
    { rollout: rows },
  );
}

function troubleOf(container: Container, task: boolean, now: number): string | undefined {
  const { state, exitCode, outOfMemory, health, lastCheck, restarts, startedAt, error } = container;
  if (error !== '') return `could not be started: ${error}`;
  if (outOfMemory) return 'was ended for want of memory';
  if (state === 'restarting') return `ends with ${exitCode} and is restarted again and again`;
  if (task) return state === 'exited' && exitCode === 0 ? undefined : `is ${state} (exit code ${exitCode})`;
  if (state !== 'running') return `is ${state} (exit code ${exitCode})`;
  if (health === 'unhealthy') return `is unhealthy${lastCheck ? `: ${lastCheck}` : ''}`;
  const lately = restarts > 0 && now - startedAt < CALM;
  return lately ? `was restarted ${restarts} times, the last time just now` : undefined;
}

const rowOf = (
  { name, state, health, restarts, image }: Container,
  trouble: string | undefined,
): RolloutRow => ({
  kind: 'container',
  name,
  state: health ?? state,
  good: trouble === undefined,
  notes: [image, ...(restarts > 0 ? [`${restarts} restarts`] : [])],
});
