import type { Host, HostService, Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { commandOf } from './command.ts';
import { environmentOf } from './environment.ts';
import { common } from './instance.ts';
import { isGunicorn, workingDirectory } from './kind.ts';
import { limitsOf } from './limits.ts';
import { hasLowPort, orderOf, staysHere } from './reach.ts';

/** The unit of a service, a template unit where there are several instances. */
export function unitView(model: Model, host: Host, own: HostService, first: Instance): object {
  const { service } = own;
  const { unit, kind } = service;
  const settings = model.targets.systemd;
  const template = own.instances.length > 1;
  const asFiles = settings?.credentials === 'files';
  const { after, wants } = orderOf(host, own);
  return {
    name: model.name,
    unit,
    template,
    title: `/etc/systemd/system/${unit}${template ? '@' : ''}.service`,
    description: `${model.name}: ${service.key}`,
    notes: notesOf(own),
    after,
    wants,
    oneshot: kind === 'job',
    type: typeOf(model, own),
    reload: isGunicorn(own),
    master: isGunicorn(own),
    user: host.user,
    workingDirectory: workingDirectory(host.current, own),
    environment: common(own, instance => environmentOf(model, own, instance).known),
    environmentFiles: [
      `${host.current}/${own.paths.environment}`,
      `${asFiles ? '-' : ''}${own.environmentFile}`,
    ],
    credentials: asFiles
      ? service.secrets.map(({ name }) => ({ name, path: `${host.credentials}/${name}` }))
      : [],
    command: commandOf(model, host, own, first),
    limits: limitsOf(model, own),
    logFile: own.logFile,
    writable: service.volumes.map(volume => volume.path),
    lowPort: hasLowPort(own),
    gpu: service.capacity.gpu !== undefined,
    jit: service.source.language === 'node',
    loopbackOnly: settings?.loopbackOnly === true && staysHere(model, host, own),
  };
}

function typeOf(model: Model, own: HostService): string {
  if (own.service.kind === 'job') return 'oneshot';
  const notifies = isGunicorn(own) || model.targets.systemd?.notify.includes(own.service.key);
  return notifies ? 'notify' : 'exec';
}

function notesOf({ service, instances }: HostService): string[] {
  const { timing } = service;
  return [
    ...(instances.length > 1
      ? ['Started as one unit for each instance; what differs stands in its drop-in.']
      : []),
    ...(timing.streamsOutliveDrain
      ? [`A stop ends streams that are still open after ${seconds(timing.drain)}, with a last event.`]
      : []),
  ];
}
