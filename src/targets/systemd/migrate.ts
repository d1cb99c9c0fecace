import type { Host, HostService } from '../../model/host.ts';
import type { Database, Model } from '../../model/model.ts';
import { workingDirectory } from './kind.ts';
import { onHost } from './on-host.ts';
import { unitView } from './unit.ts';

export interface Migration {
  readonly unit: string;
  readonly environmentFile: string;
  readonly secret: string;
  readonly own: HostService;
  readonly command: readonly string[];
}

/** Migrations that are a command of their own, run as the owner before a release is switched to. */
export function migrationOf(model: Model, host: Host): Migration | undefined {
  const migrations: Database['migrations'] = model.database?.migrations;
  const own = host.services.find(({ service }) => service.dependsOn.database);
  if (migrations?.run !== 'command' || !migrations.command || !own) return undefined;
  return {
    unit: `${model.name}-migrate`,
    environmentFile: `${host.config}/${model.name}-migrate.env`,
    secret: migrations.secret,
    own,
    command: migrations.command,
  };
}

/** The service's own unit, but once, from the next release and with the owner's URL alone. */
export function migrationView(model: Model, host: Host, migration: Migration): object {
  const { own, unit } = migration;
  const [first] = own.instances;
  if (!first) throw new Error(`${own.service.unit} has no instance`);
  return {
    ...unitView(model, host, own, first),
    unit,
    template: false,
    title: `/etc/systemd/system/${unit}.service`,
    description: `${model.name}: migrations of the database`,
    notes: [
      'Started by deploy.sh before it switches to a release; it reads the owner’s URL, the service does not.',
    ],
    oneshot: true,
    // What it said is shown by deploy.sh, which asks the journal.
    logFile: undefined,
    type: 'oneshot',
    reload: false,
    master: false,
    workingDirectory: workingDirectory(host.next, own),
    environmentFiles: [`${host.next}/${own.paths.environment}`, migration.environmentFile],
    environment: [],
    credentials: [],
    command: onHost(migration.command, host.next, own),
    writable: [],
    lowPort: false,
    limits: {
      ...(unitView(model, host, own, first) as { limits: object }).limits,
      startup: 'infinity',
    },
  };
}
