import type { Machine } from '../../platforms/machine.ts';
import { type FileSystem, fileSystems } from '../../platforms/systemd/machine-facts.ts';
import { blocked } from '../asking.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { onMachines } from '../systemd/machines.ts';

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
    onMachines(deployment, flags, ({ machine, host }) => {
      const { model } = deployment;
      const volumes = host.services.flatMap(({ service }) => service.volumes.map(({ path }) => path));
      const backups = model?.database && host.databaseIsLocal ? [model.database.backup.dir] : [];
      const folders = [...new Set([host.dir, '/var/log', '/tmp', ...volumes, ...backups])];
      const most = model?.observability.objectives?.disk ?? 1;
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
