import { type BuiltService, isBuilt, type Model, servicesOf } from '../../model/model.ts';
import { windowsFolder } from '../../model/windows.ts';
import { commandOf, isOpen } from './command.ts';
import { environmentOf } from './environment.ts';
import { migrationOf } from './migrate.ts';
import { notesOf } from './notes.ts';
import { nssmSettings } from './nssm.ts';
import { inStartOrder } from './order.ts';
import { written } from './place.ts';
import { PERCENT } from './quoting.ts';
import { archivesOf, filesOf, programsOf } from './release.ts';

const KEEP = 5;
/** Of NSSM and of the loops that wait: what a stop takes beyond the program's own budget, in seconds. */
const STOP_MARGIN = 15;
/** An attempt takes a second, and two where the port is closed: Windows tries such a connection again. */
const LONGEST_ATTEMPT = 2;

export function viewOf(model: Model) {
  const built = model.services.filter(isBuilt);
  const chosen = inStartOrder(
    servicesOf(model, 'windows')
      .filter(isBuilt)
      .filter(({ kind }) => kind !== 'job'),
  );
  const services = chosen.map(service => serviceView(model, service, chosen));
  const open = chosen.filter(service => isOpen(model, service) && service.port !== undefined);
  return {
    name: model.name,
    taskPath: `\\${model.name}\\`,
    tag: model.image.tag,
    dir: windowsFolder(model),
    key: `HKLM\\SOFTWARE\\aideploy\\${model.name}`,
    nssm: model.targets.windows?.as !== 'task',
    keep: model.targets.windows?.keepReleases ?? KEEP,
    percent: PERCENT,
    notes: notesOf(model),
    services,
    reversed: [...services].reverse(),
    stopSeconds: services.reduce((sum, { stop }) => sum + Math.ceil(stop / 1_000), 0),
    files: filesOf(chosen, built),
    programs: chosen.flatMap(service => programsOf(service, built)),
    archives: archivesOf(chosen),
    migrate: migrationOf(model, chosen),
    firewall: open.map(({ unit, port }) => ({ unit, port })),
  };
}

function serviceView(model: Model, service: BuiltService, all: readonly BuiltService[]) {
  const { unit, source, timing, health, port, kind } = service;
  const command = commandOf(model, service);
  const { known, required, optional } = environmentOf(model, service);
  const http = kind === 'http' && port !== undefined && health !== undefined;
  return {
    unit,
    description: `${model.name}: ${service.key}`,
    program: command.program,
    machineProgram: !command.inRelease,
    directory: source.language === 'go' ? '' : `\\app\\${unit}${below(source.appDir)}`,
    ...nssmSettings(command, known),
    variables: known.map(({ name, value }) => written([`${name}=`, ...value])),
    required,
    optional,
    asks: required.length + optional.length > 0,
    dependencies: [
      'Tcpip',
      ...all.filter(({ key }) => service.dependsOn.services.includes(key)).map(other => other.unit),
    ],
    url: http ? `http://127.0.0.1:${port}${health.ready.path}` : '',
    tries: Math.max(10, Math.ceil(timing.startup / 1_000 / LONGEST_ATTEMPT)),
    stop: timing.stop,
    stopTries: Math.ceil(timing.stop / 1_000) + STOP_MARGIN,
  };
}

/** Paths below the sources, as Windows writes them. */
const below = (path: string): string => {
  const plain = path.replace(/^(?:\.\/)+|\/+$/g, '').replaceAll('/', '\\');
  return plain === '' || plain === '.' ? '' : `\\${plain}`;
};
