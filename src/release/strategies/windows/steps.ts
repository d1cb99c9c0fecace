import { lastLines, tellingLine } from '../../../platforms/last-lines.ts';
import type { Control, Goal, Step, StepEnd } from '../../strategy.ts';
import { detailsOf } from './details.ts';
import { lineOf } from './line.ts';
import { currentOf, kept, type Place } from './place.ts';

/** Stops, migrations and starts, each with a budget of its own. */
const LONGEST = 6 * 3_600_000;
/** Of what the machine needs: nothing of the release was tried. */
const UNPREPARED = /could not be (?:made|copied|replaced)|^icacls failed/;
/** The same, where the next attempt would find it as it is. */
const LACKING = /as administrator|is not on PATH|nssm\.exe .* is needed|installed as a scheduled task/;
/** From here on the scripts tell of the release that they went back to. */
const WAY_BACK = /^\S+ is not ready: back to /;
const NOT_READY = /^(?<unit>\S+) is not ready, see "(?<log>.+)"$/;

/** By the project's own scripts; they go back by themselves where a release does not get ready. */
export function bring(place: Place, { release }: Goal, script: 'install' | 'upgrade'): Step {
  const args = ['--tag', release.tag, '--from', place.build];
  return {
    title: `${script} ${release.id}: stop, switch, start, wait until it is ready`,
    command: `deploy\\windows\\${script}.cmd --tag ${release.tag}`,
    async perform(control) {
      // A folder of programs is named by its tag, and is never changed.
      if (release.id !== release.tag)
        return {
          status: 'failed',
          cause: `${release.tag} is there already, and was made of something else: give this one a tag of its own`,
        };
      return runScript(place, `${place.scripts}\\${script}.cmd`, args, control, {
        AIDEPLOY_LINE: lineOf(detailsOf(release)),
      });
    },
  };
}

export const back = (place: Place, { release: { id } }: Goal): Step => ({
  title: `go back to ${id}: stop, switch, start, wait until it is ready`,
  command: `deploy\\windows\\rollback.cmd ${id}`,
  async perform(control) {
    const own = `${kept(place, id)}\\windows`;
    if ((await currentOf(place)) !== id) return runScript(place, `${own}\\rollback.cmd`, [id], control);
    const runs = await place.site.run(`${own}\\service.cmd`, ['running'], { signal: control.signal });
    if (runs.status === 'ok') return { status: 'done', note: 'it runs already' };
    return runScript(place, `${own}\\release.cmd`, ['activate', id], control);
  },
});

async function runScript(
  place: Place,
  file: string,
  args: readonly string[],
  { signal }: Control,
  env?: Readonly<Record<string, string>>,
): Promise<StepEnd> {
  const outcome = await place.site.run(file, args, { signal, timeout: LONGEST }, env);
  const lines = outcome.stderr.split(/\r?\n/).filter(line => line.trim() !== '');
  if (outcome.status === 'ok') {
    const said = outcome.stdout.trim().split(/\r?\n/).at(-1);
    return { status: 'done', ...(said && { note: said }) };
  }
  const turn = lines.findIndex(line => WAY_BACK.test(line));
  const own = turn === -1 ? lines : lines.slice(0, turn);
  const first = own.find(line => NOT_READY.test(line)) ?? lines[0] ?? outcome.message;
  const lasting = outcome.status === 'failed' && LACKING.test(first);
  if (outcome.status !== 'failed' || lasting || UNPREPARED.test(first))
    return {
      status: 'obstructed',
      obstacle: { why: first, next: `make ${file} work, in a prompt of an administrator`, lasting },
    };
  return failed(place, first, lines);
}

/** The last words of a program that did not start say more than that it did not. */
async function failed({ site }: Place, first: string, lines: readonly string[]): Promise<StepEnd> {
  const { unit, log } = NOT_READY.exec(first)?.groups ?? {};
  const words = log === undefined ? '' : ((await site.read(log)) ?? '');
  const telling = tellingLine(words);
  return {
    status: 'failed',
    cause: telling === undefined ? first : `${unit} is not ready: ${telling}`,
    details: [...lines, ...lastLines(words)],
  };
}
