import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { shellsOf } from '../scripts.ts';
import { backupsIn, restoresIn } from './backups.ts';
import { dumperOf } from './dumps.ts';
import { ownDatabases } from './recovery.ts';

export function unsavedDatabases(context: Context): readonly Finding[] {
  return isUnseen(context) ? [] : [...without(context), ...oneWay(context)];
}

const isUnseen = ({ complaints }: Context): boolean => complaints.some(each => each.rule === 'file/skipped');

/** Tools and services that save databases or their volumes. */
const SAVES =
  /\b(?:pg_dump\w*|pg_basebackup|pgbackrest|wal-?[eg]|barman|velero|restic|borg(?:matic)?|mysqldump|mariadb-dump|xtrabackup|mongodump|volumesnapshot|stash|k8up|litestream|cloudnative-?pg|backups?)\b/i;

function without(context: Context): Finding[] {
  if ([...context.texts].some(([name, { content }]) => /backup/i.test(name) || SAVES.test(content)))
    return [];
  return ownDatabases(context).map(({ name, at }) => ({
    at,
    message: `nothing here makes a backup of ${name}`,
  }));
}

/** Operators of managed databases restore them by their own ways. */
const MANAGED =
  /\.rds\.amazonaws\.com|\.database\.azure\.com|cloudsql|neon\.tech|supabase|aivencloud|\.db\.ondigitalocean\.com/;

function oneWay(context: Context): Finding[] {
  const shells = shellsOf(context);
  const [first] = shells.flatMap(backupsIn);
  if (!first || shells.some(shell => restoresIn(shell).length > 0)) return [];
  const said = [...context.texts].some(
    ([name, { content }]) =>
      /restor/i.test(name) || /pg_restore|\brestor(?:e|ing|ation)\b/i.test(content) || MANAGED.test(content),
  );
  return said
    ? []
    : [
        {
          at: first.call.at,
          severity: 'warning',
          message: `nothing here restores what ${dumperOf(first.call)} saves`,
        },
      ];
}
