import { command } from '../../../exec/command.ts';
import type { Host } from '../../../model/host.ts';
import type { Answer } from '../../../platforms/answer.ts';
import { type Machine, obstacleOf } from '../../../platforms/machine.ts';
import type { Seen } from '../../standing.ts';

/** First the link, then each unit that runs, with its folder and the release that its environment names. */
const LOOK = [
  'if [ ! -d "$1" ]; then echo unprepared; exit 0; fi',
  'echo "link $(readlink "$2")"',
  'shift 2',
  'for unit; do pid=$(systemctl show --property MainPID --value "$unit") || exit 1; if [ "${pid:-0}" != 0 ]; then echo "runs $(readlink "/proc/$pid/cwd") $(tr "\\0" "\\n" <"/proc/$pid/environ" 2>/dev/null | sed -n "s/^AIDEPLOY_RELEASE=//p")"; fi; done',
].join('; ');

/** By the link and by the processes. */
export async function lookAt(
  machine: Machine,
  host: Host,
  name: string,
  signal: AbortSignal,
): Promise<Answer<Seen>> {
  const units = host.services
    .filter(({ service }) => service.kind !== 'job')
    .flatMap(({ instances }) => instances.map(({ unit }) => unit));
  const asked = command('sh', '-c', LOOK, 'sh', host.releases, host.current, ...units);
  const outcome = await machine.run(asked, { signal });
  const obstacle = obstacleOf(machine, 'systemctl', outcome);
  if (obstacle) return { obstacle };
  if (outcome.status !== 'ok')
    return {
      obstacle: {
        why: `systemctl on ${machine.name}: ${outcome.stderr.trim().split('\n').at(-1) || outcome.message}`,
        next: 'name a host that systemd runs, with --host',
      },
    };
  if (outcome.stdout.trim() === 'unprepared') return { obstacle: unprepared(machine, host, name) };
  const lines = outcome.stdout.trim().split('\n');
  const ids = lines.flatMap(line => releasesIn(line, host.releases));
  return { value: { ids, empty: lines.length === 1 && lines[0]?.trim() === 'link' } };
}

function releasesIn(line: string, releases: string): string[] {
  const [kind, path = '', named] = line.split(' ');
  if (kind === 'link') return path === '' ? [] : [path.split('/').at(-1) ?? ''];
  const below = path.startsWith(`${releases}/`) ? path.slice(releases.length + 1).split('/')[0] : undefined;
  return [below, named].filter((id): id is string => id !== undefined && id !== '');
}

/** The one person's step: accounts, folders and settings of a host are not a deploy's to make. */
const unprepared = ({ host: at, name: place }: Machine, { releases, config }: Host, name: string) => ({
  why: `${place} is not prepared for ${name}: ${releases} is missing`,
  next:
    at === undefined
      ? `run sudo deploy/systemd/install.sh, fill in the files of ${config}, and deploy again`
      : `run tar -c deploy | ssh ${at} 'mkdir -p ~/${name} && tar -x -C ~/${name}', then ssh -t ${at} sudo '~/${name}/deploy/systemd/install.sh', fill in the files of ${config} there, and deploy again`,
});
