import { backupsIn, restoresIn } from '../../backups.ts';
import { ownDatabases } from '../../commands/recovery.ts';
import type { Context } from '../../context.ts';
import { dumperOf } from '../../dumps.ts';
import type { Finding, Rule } from '../../rule.ts';
import { shellsOf } from '../../scripts.ts';

export const noBackup: Rule = {
  id: 'cross/no-backup',
  severity: ['error', 'warning'],
  title: 'a database without a backup, or a backup without a way back',
  why: 'A volume protects from a restart, not from a wrong DELETE, a broken migration or a lost disk; and a dump that nobody has ever restored is a hope, found to be one on the worst day.',
  fix: 'Dump the database on a schedule to another machine, and write down, or script, how it is restored; rehearse it.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'services: {db: {image: postgres:16, volumes: [data:/var/lib/postgresql/data]}}',
    good: '0 2 * * * docker compose exec -T db pg_dump …',
  },
  check: context => (isUnseen(context) ? [] : [...without(context), ...oneWay(context)]),
};

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
