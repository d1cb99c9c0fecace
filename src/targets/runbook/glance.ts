import { hostOf } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';

/** A line of the table at the head: values that are typed stand as code. */
interface Row {
  readonly what: string;
  readonly codes: readonly string[];
  readonly text: string;
}

const row = (what: string, codes: readonly (string | undefined)[], text = ''): Row => ({
  what,
  codes: codes.flatMap(code => (code ? [code] : [])),
  text,
});

export function places(model: Model): Row[] {
  const { targets, database, domain } = model;
  const host = hostOf(model);
  return [
    ...(domain ? [row('Public address', [`https://${domain}`])] : []),
    ...(targets.systemd
      ? [
          row('Account on the host', [host.user]),
          row('Releases, and the one that runs', [host.releases, host.current]),
          row(
            'Settings and secrets',
            host.services.map(each => each.environmentFile),
          ),
        ]
      : []),
    ...(targets.windows?.dir ? [row('Directory on Windows', [targets.windows.dir])] : []),
    ...(targets.kubernetes ? [row('Namespace', [model.namespace])] : []),
    ...(targets.cloudrun ? [row('Cloud Run', [targets.cloudrun.project, targets.cloudrun.region])] : []),
    ...(database
      ? [
          row(
            'Database',
            [database.host && `${database.host}:${database.port}`, database.name],
            `PostgreSQL ${database.version}${database.host ? '' : ` beside the service, port ${database.port}`}, TLS: ${database.tls}`,
          ),
          row('Its roles', [database.user, database.owner], 'the service’s, and the owner’s, who migrates'),
        ]
      : []),
    ...(database && targets.backup
      ? [
          row(
            'Backups',
            [database.backup.dir, database.backup.schedule],
            `kept ${database.backup.keepDays} days, ${database.backup.keepAtLeast} at least`,
          ),
        ]
      : []),
  ];
}
