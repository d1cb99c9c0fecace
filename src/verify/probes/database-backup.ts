import { backupOf, oldestBackup } from '../../model/backup.ts';
import { machineOf } from '../../platforms/machine.ts';
import { ASKING } from '../asking.ts';
import { type Kept, lookAtBackup } from '../database/backup.ts';
import type { Probe } from '../probe.ts';

export const databaseBackup: Probe<Kept> = {
  id: 'database-backup',
  title: 'the newest good backup is no older than the schedule says',
  plan: ({ model }, { platform, hosts }) => {
    const backup = model && backupOf(model);
    if (!model?.targets.backup || !backup) return [];
    const name = `backups of ${backup.database.name}`;
    const oldest = oldestBackup(backup.database.backup.schedule);
    const data = { machine: machineOf(hosts[0]), backup, oldest };
    if (platform === 'systemd' || platform === 'compose') return [{ name, data, timeout: ASKING }];
    return [
      {
        name,
        data,
        skip: 'backups are looked at on the host that makes them: --platform systemd or compose, with --host',
      },
    ];
  },
  observe: ({ data }, { signal }) => lookAtBackup(data, signal),
};
