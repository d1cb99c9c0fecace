import type { Artifact } from '../../artifacts/artifact.ts';
import { type Host, type HostService, hostOf, logFolder } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { calendarOf } from '../calendar.ts';
import type { Target } from '../target.ts';
import { exampleName, FOLDER } from './files.ts';
import { firewallView } from './firewall.ts';
import { gunicornView } from './gunicorn.ts';
import { instanceView } from './instance.ts';
import { isGunicorn } from './kind.ts';
import { forwardView, logFiles, rotationView } from './logs.ts';
import { migrationOf, migrationView } from './migrate.ts';
import { scriptsView } from './scripts.ts';
import { ownerVariable, variablesOf } from './secrets.ts';
import { unitView } from './unit.ts';

export const systemd: Target = {
  id: 'systemd',
  title: 'Units, timers and scripts of a host, its log forwarding and its firewall',
  applies: model => model.targets.systemd !== undefined && hostOf(model).services.length > 0,
  render: (model, engine) => {
    const host = hostOf(model);
    const file = (path: string, template: string, view: object, mode?: number): Artifact => ({
      path: `${FOLDER}/${path}`,
      content: engine.render(`systemd/${template}`, view),
      ...(mode === undefined ? {} : { mode }),
      target: systemd.id,
    });
    return [
      ...host.services.flatMap(own => serviceFiles(model, host, own, file)),
      ...migrationFiles(model, host, file),
      ...hostFiles(model, host, file),
    ];
  },
};

type File = (path: string, template: string, view: object, mode?: number) => Artifact;

function serviceFiles(model: Model, host: Host, own: HostService, file: File): Artifact[] {
  const { service, instances } = own;
  const { unit } = service;
  const [first] = instances;
  if (!first) return [];
  const name = instances.length > 1 ? `${unit}@` : unit;
  const files = [file(`${name}.service`, 'unit.service', unitView(model, host, own, first))];
  if (instances.length > 1)
    for (const instance of instances)
      files.push(
        file(
          `${instance.unit}.d/instance.conf`,
          'instance.service',
          instanceView(model, host, own, instance),
        ),
      );
  if (service.kind === 'job' && service.schedule !== undefined)
    files.push(file(`${unit}.timer`, 'job.timer', timerView(model, own, service.schedule)));
  if (isGunicorn(own)) {
    files.push(file(`${unit}/gunicorn.conf.py`, 'gunicorn.conf.py', gunicornView(host, own)));
    if (service.source.interface === 'asgi')
      files.push(file(`${unit}/draining_worker.py`, 'draining_worker.py', {}));
  }
  const variables = variablesOf(model, host, own);
  files.push(
    file(exampleName(unit), 'environment.env.example', { unit, path: own.environmentFile, variables }),
  );
  return files;
}

function migrationFiles(model: Model, host: Host, file: File): Artifact[] {
  const migration = migrationOf(model, host);
  if (!migration) return [];
  const { unit, environmentFile } = migration;
  const variables = [ownerVariable(model, host, migration)];
  return [
    file(`${unit}.service`, 'unit.service', migrationView(model, host, migration)),
    file(exampleName(unit), 'environment.env.example', { unit, path: environmentFile, variables }),
  ];
}

function hostFiles(model: Model, host: Host, file: File): Artifact[] {
  const { name } = model;
  const scripts = scriptsView(model, host);
  const forward = forwardView(model, host);
  const rotation = rotationView(model, host);
  const credentials = model.targets.systemd?.credentials === 'files' ? host.credentials : undefined;
  return [
    file(`${name}.sysusers.conf`, 'sysusers.conf', { name, user: host.user, description: `${name} service` }),
    file(`${name}.tmpfiles.conf`, 'tmpfiles.conf', {
      ...host,
      name,
      credentials,
      logFolder: logFolder(model),
      logs: logFiles(host),
      volumes: volumesOf(host),
    }),
    ...['install.sh', 'deploy.sh', 'rollback.sh'].map(script => file(script, script, scripts, 0o755)),
    file('firewall.sh', 'firewall.sh', firewallView(model, host), 0o755),
    ...(forward ? [file(`${name}.rsyslog.conf`, 'rsyslog.conf', forward)] : []),
    ...(rotation ? [file(`${name}.logrotate`, 'file.logrotate', rotation)] : []),
  ];
}

const volumesOf = (host: Host): string[] => [
  ...new Set(host.services.flatMap(({ service }) => service.volumes.map(volume => volume.path))),
];

const timerView = (model: Model, { service }: HostService, schedule: string): object => ({
  title: `/etc/systemd/system/${service.unit}.timer`,
  description: `${model.name}: when ${service.key} runs`,
  schedule,
  calendar: calendarOf(schedule),
  unit: `${service.unit}.service`,
});
