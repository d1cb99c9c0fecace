import { type BuiltService, isBuilt, type Model, servicesOf } from '../../model/model.ts';
import type { Interpolated } from '../../render/engine.ts';
import { refuse } from '../../render/unrepresentable.ts';
import { type Command, commandOf, isOpen } from './command.ts';
import { environmentOf } from './environment.ts';
import { migrationOf } from './migrate.ts';
import { notesOf } from './notes.ts';
import { inStartOrder } from './order.ts';
import { changed, isOneLine, type Known, written } from './place.ts';
import { commandLine, nssmCommandLine, nssmValue, PERCENT } from './quoting.ts';
import { archivesOf, filesOf, programsOf } from './release.ts';

const KEEP = 5;
/** Of NSSM and of the loops that wait: what a stop takes beyond the program's own budget, in seconds. */
const STOP_MARGIN = 15;
/** An attempt takes a second, and two where the port is closed: Windows tries such a connection again. */
const LONGEST_ATTEMPT = 2;
/** Of cmd's 8191 characters, some are for quotes. https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation */
const LONGEST_LINE = 7_000;

export type View = ReturnType<typeof viewOf>;

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
    dir: dirOf(model),
    key: `HKLM\\SOFTWARE\\aideploy\\${model.name}`,
    nssm: model.targets.windows?.as !== 'task',
    keep: KEEP,
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

export const dirOf = (model: Model): string =>
  (model.targets.windows?.dir ?? `C:\\Program Files\\${model.name}`).replace(/\\+$/, '');

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
    ...parametersOf(command),
    environment: nssmEnvironment(known),
    multiline: known
      .filter(({ value }) => !isOneLine(value))
      .map(({ name, value }) => pair(name, changed(value, nssmValue))),
    variables: known.map(({ name, value }) => pair(name, value)),
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

function parametersOf({ words }: Command) {
  const nssm = nssmCommandLine(words);
  return {
    commandLine: written(commandLine(words)),
    parameters: isOneLine(nssm) ? written(nssm) : '',
    multilineParameters: isOneLine(nssm) ? undefined : written(nssm),
  };
}

const pair = (name: string, value: Known): string | Interpolated => written([`${name}=`, ...value]);

/** The percent sign's own variable comes first, since NSSM knows only those before. */
function nssmEnvironment(known: readonly { name: string; value: Known }[]): (string | Interpolated)[] {
  const values = known
    .filter(({ value }) => isOneLine(value))
    .map(({ name, value }) => [`${name}=`, ...changed(value, nssmValue)]);
  if (values.flat().join(' ').length > LONGEST_LINE)
    refuse(
      'windows',
      values,
      'its variables are longer than a command line of cmd; as: task has no such limit',
    );
  return [`${PERCENT}=%`, ...values.map(written)];
}
