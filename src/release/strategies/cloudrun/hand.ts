import { type Command, command } from '../../../exec/command.ts';
import type { Outcome } from '../../../exec/run.ts';
import { lastWordsOf } from '../../../platforms/cloudrun/revisions.ts';
import { lastLines, tellingLine } from '../../../platforms/last-lines.ts';
import { machineOf, obstacleOf } from '../../../platforms/machine.ts';
import type { Release } from '../../release.ts';
import type { Control, StepEnd } from '../../strategy.ts';
import type { Place } from './place.ts';

const SCRIPT = 'deploy/cloudrun/deploy.sh';
/** It waits for each service in turn, and asks it as often as the configuration says. */
const LONGEST = 3_600_000;
const machine = machineOf(undefined);

/**
 * A release's own deploy.sh makes its revisions and asks them at URLs of their own: it knows what was rendered, names
 * revisions so that none is made twice, and a person may run the same. All that may change by itself is told to it.
 */
export function scriptOf(release: Release, folder?: string): Command {
  const { images, secrets, tag, id, content, commit, by } = release;
  const script = folder === undefined ? SCRIPT : `${folder}/${SCRIPT}`;
  return command(
    'bash',
    script,
    ...['--tag', tag, '--release', id, '--content', content, '--by', by],
    ...(commit === null ? [] : ['--commit', commit]),
    ...Object.entries(images).flatMap(([unit, image]) => ['--digest', `${unit}=${image.split('@')[1]}`]),
    ...Object.entries(secrets).flatMap(([secret, version]) => ['--secret', `${secret}=${version}`]),
    ...(folder === undefined ? [] : ['--project-dir', folder]),
    '--no-traffic',
  );
}

/** Done where every revision is there and well; traffic stays where it is. */
export async function makeRevisions(place: Place, release: Release, { signal }: Control): Promise<StepEnd> {
  const kept = await machine.run(command('test', '-e', `${place.folder}/${release.id}/files/${SCRIPT}`));
  if (kept.status !== 'ok')
    return {
      status: 'failed',
      cause: `the files of ${release.id} are not in ${place.folder}: it was deployed from elsewhere; deploy it again`,
    };
  const wanted = scriptOf(release, `${place.folder}/${release.id}/files`);
  const outcome = await machine.run(wanted, { signal, timeout: LONGEST });
  const lines = outcome.stderr.split('\n').filter(line => line.trim() !== '');
  const said = lines.filter(line => line.startsWith('deploy.sh: ')).map(line => line.slice(11));
  if (outcome.status === 'ok')
    return { status: 'done', note: said.filter(line => line.endsWith(', without traffic')).join('; ') };
  return (await neverReady(place, said, lines, signal)) ?? ended(outcome, said, lines);
}

const GCLOUD = /^ERROR: (?:\([\w.-]+\) )?(?<message>.*)$/;
/** Who deploys may not, or the platform cannot: no release is to blame. */
const HINDERED =
  /PERMISSION_DENIED|does not have permission|Permission '[^']+' denied|UNAUTHENTICATED|active account|[Rr]eauthentication|RESOURCE_EXHAUSTED|[Qq]uota|UNAVAILABLE|SERVICE_DISABLED|DEADLINE_EXCEEDED|Unable to find the server|gcloud crashed/;

const gcloudSaid = (lines: readonly string[]) =>
  lines.map(line => GCLOUD.exec(line)?.groups?.['message']).findLast(message => message !== undefined);

async function neverReady(
  place: Place,
  said: readonly string[],
  lines: readonly string[],
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const revision = said.map(line => /^(\S+) did not become ready/.exec(line)?.[1]).find(Boolean);
  const message = gcloudSaid(lines);
  if (revision === undefined || HINDERED.test(message ?? '')) return undefined;
  const log = await lastWordsOf(place, revision, signal);
  return {
    status: 'failed',
    cause: `${revision} did not become ready: ${tellingLine(log) ?? message ?? 'gcloud says no more'}`,
    details: [...(message === undefined ? [] : [message]), ...lastLines(log)],
  };
}

function ended(outcome: Outcome, said: readonly string[], lines: readonly string[]): StepEnd {
  const why = gcloudSaid(lines) ?? said.at(-1) ?? outcome.message;
  const obstacle = obstacleOf(machine, 'bash', outcome);
  if (obstacle) return { status: 'obstructed', obstacle };
  if (lines.some(line => HINDERED.test(line)))
    return {
      status: 'obstructed',
      obstacle: { why: `gcloud: ${why}`, next: 'gcloud auth login, as somebody who may deploy there' },
    };
  const unwell = said.find(line => /: not well after \d+ attempts$/.test(line));
  return { status: 'failed', cause: unwell ?? why, details: lastLines(lines.join('\n')) };
}
