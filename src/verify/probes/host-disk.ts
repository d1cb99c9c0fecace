import { hostOf } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import type { Machine } from '../../platforms/machine.ts';
import { type FileSystem, fileSystems } from '../../platforms/systemd/machine-facts.ts';
import { blocked } from '../asking.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { onEveryMachine } from '../systemd/machines.ts';

interface Disk {
  readonly machine: Machine;
  readonly folders: readonly string[];
  /** Share that may be used. */
  readonly most: number;
}

export const hostDisk: Probe<Disk> = {
  id: 'host-disk',
  title: 'the disks below releases, data, logs and backups have room',
  plan: (deployment, flags) =>
    onEveryMachine(deployment, flags, machine => {
      const { model } = deployment;
      const most = model?.observability.objectives.disk ?? 1;
      const folders = model ? foldersOf(model, flags.platform === 'compose') : [];
      return [{ name: `${machine.name} has room`, data: { machine, folders, most } }];
    }),
  async observe({ data: { machine, folders, most } }, { signal }) {
    const expected = `at most ${percent(most)} used`;
    const { value, obstacle } = await fileSystems(machine, folders, { signal });
    if (obstacle) return blocked(obstacle, expected);
    const full = value.filter(({ used }) => used > most);
    const told = (all: readonly FileSystem[]) =>
      all.map(({ mount, used }) => `${mount} ${percent(used)}`).join(', ');
    if (full.length > 0)
      return fail({
        observed: `used: ${told(full)}`,
        expected,
        next: `du -xh --max-depth=2 ${full[0]?.mount} | sort -h shows what takes the room`,
      });
    return pass(`used: ${told(value)}`);
  },
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Where something is written; Docker's own folder is below /var/lib. */
function foldersOf(model: Model, compose: boolean): string[] {
  const { dir, services, databaseIsLocal } = hostOf(model);
  const data = compose
    ? ['/var/lib/docker', '/var/lib']
    : [dir, ...services.flatMap(({ service }) => service.volumes.map(({ path }) => path))];
  const backups = model.database && databaseIsLocal ? [model.database.backup.dir] : [];
  return [...new Set([...data, '/var/log', '/tmp', ...backups])];
}
