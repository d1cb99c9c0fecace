import { BACKUP_METRICS, backupOf } from '../../../model/backup.ts';
import type { Model } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import type { Advice } from './advice.ts';

type Data =
  | 'DatabaseDown'
  | 'DatabaseConnectionsHigh'
  | 'BackupOld'
  | 'BackupFailed'
  | 'BackupMissing'
  | 'BackupShrank';

export function data(model: Model): Record<Data, Advice> {
  const backup = backupOf(model);
  const unit = shellWord(`${model.name}-backup.service`);
  const dir = shellWord(model.database?.backup.dir ?? '/backups');
  const log = [`journalctl --no-pager -n 100 -u ${unit}`, `sudo ls -l ${dir}`];
  const again = `Mend the cause, run it again with \`sudo systemctl start ${model.name}-backup.service\`, and wait for its end.`;
  const { host = 'localhost', port = 5432 } = model.database ?? {};
  return {
    DatabaseDown: {
      meaning: 'Nobody can log in: the server is down, out of reach, or a password was changed.',
      look: [`pg_isready --host ${shellWord(host)} --port ${port}`],
      act: ['Its own log tells more. The services recover by themselves when it is back.'],
    },
    DatabaseConnectionsHigh: {
      meaning: 'When all are in use the next one is refused, and the services answer errors.',
      look: [],
      act: [
        'In psql: `SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2 ORDER BY 3 DESC;`. Many that are idle in transaction point at a leak: restart that service.',
      ],
    },
    BackupOld: { meaning: 'No good backup was made when one was due.', look: log, act: [again] },
    BackupFailed: {
      meaning: 'The last run made no good backup. Earlier ones are still there.',
      look: log,
      act: ['The usual causes are a full disk, a changed password and a database out of reach.', again],
    },
    BackupMissing: {
      meaning: 'Prometheus never heard of a good backup.',
      look: [...log, `sudo cat ${shellWord(`${backup?.state ?? ''}/${backup?.unit ?? ''}.prom`)}`],
      act: [
        `Run the first one: \`sudo systemctl start ${model.name}-backup.service\`. If it was made, node_exporter does not read its file: \`${BACKUP_METRICS.lastSuccess}\` has to be in its metrics.`,
      ],
    },
    BackupShrank: {
      meaning: 'It is less than half as large as one of the last seven days.',
      look: log,
      act: [
        'Find out whether rows were deleted on purpose. Until that is known, keep the older backups: copy them elsewhere.',
      ],
    },
  };
}
