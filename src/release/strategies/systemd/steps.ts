import { command, shellLine } from '../../../exec/command.ts';
import type { Host } from '../../../model/host.ts';
import type { Machine } from '../../../platforms/machine.ts';
import { typed } from '../../../platforms/systemd/as-root.ts';
import { runOnHost } from '../../host-step.ts';
import { packTar } from '../../store/tar.ts';
import type { Goal, Step } from '../../strategy.ts';
import { filesFor } from './build.ts';

/** Where the rendered scripts of a release lie on its hosts, beside its record. */
const scripts = ({ releases }: Host, id: string) => `${releases}/${id}/files/deploy/systemd`;
const built = ({ releases }: Host, id: string) => `${releases}/.build-${id}`;

/** Unpacked beside and renamed; nothing to do where the release is whole, which its units say. */
const BRING = [
  'set -eu',
  'rm -rf "$1.new"',
  'mkdir -m 700 "$1.new"',
  'tar -x -f - -C "$1.new"',
  'rm -rf "$1"',
  'mv "$1.new" "$1"',
].join('; ');

export function bring(machine: Machine, host: Host, folder: string, { release }: Goal): Step {
  const to = built(host, release.id);
  const asked = command('sh', '-c', BRING, 'sh', to);
  return {
    title: `bring the build of ${release.tag} to ${machine.name}`,
    command: `tar -c -C ${shellLine(command(folder))} . | ${typed(machine, command('tar', '-x', '-C', to))}`,
    async perform(control) {
      const whole = command('test', '-d', `${host.releases}/${release.id}/systemd`);
      if ((await machine.run(whole, control)).status === 'ok')
        return { status: 'done', note: 'it is there already' };
      const name = await machine.run(command('uname', '-m'), control);
      const files = await filesFor(folder, release.checksums, name.stdout.trim());
      const size = files.reduce((sum, { content }) => sum + content.length, 0);
      return runOnHost(
        machine,
        { ...asked, stdin: packTar(files) },
        control,
        () => `${files.length} files, ${(size / 2 ** 20).toFixed(1)} MiB`,
      );
    },
  };
}

type Phase = 'prepare' | 'migrate' | 'switch';

const TITLES: Readonly<Record<Phase, (id: string, name: string) => string>> = {
  prepare: (id, name) => `make release ${id} on ${name}`,
  migrate: (id, name) => `run the migrations of ${id} on ${name}`,
  switch: (id, name) => `switch ${name} to ${id}, instance by instance`,
};

export function phase(machine: Machine, host: Host, { release }: Goal, only: Phase): Step {
  const { id, tag, commit } = release;
  const brought = only === 'prepare' ? ['--commit', commit ?? 'unknown', built(host, id), tag] : [];
  const wanted = command(
    'bash',
    `${scripts(host, id)}/deploy.sh`,
    '--release',
    id,
    '--only',
    only,
    ...brought,
  );
  return {
    title: TITLES[only](id, machine.name),
    command: typed(machine, wanted),
    async perform(control) {
      const end = await runOnHost(machine, wanted, control);
      if (end.status === 'done' && only === 'prepare')
        await machine.run(command('rm', '-rf', built(host, id)), control);
      return end;
    },
  };
}

/**
 * By the release's own script, which knows its ports; it stops what it has no more. A release that deploy.sh made by
 * hand has its scripts among its units.
 */
const RETURN =
  'for folder; do if [ -e "$folder/rollback.sh" ]; then exec bash "$folder/rollback.sh" --leased "$0"; fi; done; echo "the scripts of $0 are missing: deploy it again" >&2; exit 1';

export function back(machine: Machine, host: Host, { release: { id } }: Goal): Step {
  const folders = [scripts(host, id), `${host.releases}/${id}/systemd`];
  return {
    title: `switch ${machine.name} back to ${id}, instance by instance`,
    command: typed(machine, command('bash', `${host.releases}/${id}/systemd/rollback.sh`, id)),
    perform: control => runOnHost(machine, command('sh', '-c', RETURN, id, ...folders), control),
  };
}
