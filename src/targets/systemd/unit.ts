import { asInstance, type Host, type HostService, type Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { commandOf } from './command.ts';
import { environmentOf } from './environment.ts';
import { limitsOf } from './limits.ts';
import { logFile } from './logs.ts';

/** Below this a port is for root, or for who has the capability. */
const FIRST_FREE_PORT = 1_024;

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
    logFile: logFile(model, unit),
    writable: service.volumes.map(volume => volume.path),
    lowPort: portsOf(own).some(port => port < FIRST_FREE_PORT),
    gpu: service.capacity.gpu !== undefined,
    jit: service.source.language === 'node',
    loopbackOnly: settings?.loopbackOnly === true && staysHere(model, host, own),
  };
}

/** What instances have in common stands in the unit, the rest in the drop-in of each. */
const common = (own: HostService, of: (instance: Instance) => readonly string[]): string[] => {
  const all = own.instances.map(of);
  return (all[0] ?? []).filter(line => all.every(lines => lines.includes(line)));
};

/** What an instance says for itself, where there are several. */
export function instanceView(model: Model, host: Host, own: HostService, instance: Instance): object {
  const known = (each: Instance) => environmentOf(model, own, each).known;
  const shared = common(own, known);
  const commands = own.instances.map(each => commandOf(model, host, own, each));
  const differ = new Set(commands.map(command => JSON.stringify(command))).size > 1;
  return {
    unit: own.service.unit,
    number: instance.number,
    environment: known(instance).filter(line => !shared.includes(line)),
    command: differ ? commands[instance.number - 1] : undefined,
  };
}

export const isGunicorn = ({ service }: HostService): boolean =>
  service.source.language === 'python' && service.kind === 'http' && service.command === undefined;

function typeOf(model: Model, own: HostService): string {
  if (own.service.kind === 'job') return 'oneshot';
  const notifies = isGunicorn(own) || model.targets.systemd?.notify.includes(own.service.key);
  return notifies ? 'notify' : 'exec';
}

export const workingDirectory = (link: string, { service, paths }: HostService): string =>
  service.source.language === 'go' ? link : `${link}/${paths.app}`;

/** After the network, and after what is on this machine too. */
function orderOf(host: Host, { service }: HostService): { after: string[]; wants: string[] } {
  const others = host.services.filter(
    other => service.dependsOn.services.includes(other.service.key) && other.service.kind !== 'job',
  );
  const wants = [
    'network-online.target',
    ...(service.dependsOn.database && host.databaseIsLocal ? ['postgresql.service'] : []),
    ...others.flatMap(other => other.instances.map(instance => instance.unit)),
  ];
  return { after: wants, wants };
}

function portsOf(own: HostService): number[] {
  return own.instances
    .map(instance => asInstance(own.service, instance))
    .flatMap(({ port, metrics, grpc }) => [port, metrics?.port, grpc?.port])
    .filter(port => port !== undefined);
}

const staysHere = (model: Model, host: Host, { service }: HostService): boolean =>
  service.egress.length === 0 &&
  (!service.dependsOn.database || host.databaseIsLocal) &&
  model.observability.otel === undefined;

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
