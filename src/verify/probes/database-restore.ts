import { backupOf } from '../../model/backup.ts';
import { machineOf } from '../../platforms/machine.ts';
import { HOURS, lookAtRestore, type Rehearsal } from '../database/restore.ts';
import type { Probe } from '../probe.ts';

export const databaseRestore: Probe<Rehearsal> = {
  id: 'database-restore',
  title: 'the newest backup can be restored: into a scratch database, every row counted (--rehearse-restore)',
  plan: ({ model }, { platform, hosts, rehearseRestore }) => {
    const backup = model && backupOf(model);
    if (!rehearseRestore || !backup) return [];
    const spec = {
      name: `the newest backup of ${backup.database.name} restores`,
      data: { machine: machineOf(hosts[0]), backup },
      once: true as const,
      timeout: HOURS,
    };
    const onHost = platform === 'systemd' || platform === 'compose';
    return [
      onHost
        ? spec
        : {
            ...spec,
            skip: 'rehearsed on the host that keeps the backups: --platform systemd or compose, with --host',
          },
    ];
  },
  observe: ({ data }, { signal }) => lookAtRestore(data, signal),
};
