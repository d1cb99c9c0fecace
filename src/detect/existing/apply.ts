import type {
  DetectedService,
  EnvVariable,
  Existing,
  ExistingDockerfile,
  ExistingManifest,
  Finding,
} from '../detection.ts';
import { finding } from '../evidence.ts';
import { address } from '../service/quantities.ts';
import { folderOf } from '../walk.ts';
import { imageParts } from './yaml.ts';

/** Completes what the source left open by what the existing files say. The source is believed first. */
export function applyExisting(
  services: DetectedService[],
  existing: Existing,
  variables: EnvVariable[],
): void {
  for (const service of services) {
    const dockerfile = dockerfileOf(service, services, existing);
    if (dockerfile) applyDockerfile(service, dockerfile);
    applyCompose(service, existing);
    applyManifest(service, services, existing.manifests);
    for (const variable of service.env) applyExample(variable, variables);
  }
}

function dockerfileOf(
  service: DetectedService,
  services: DetectedService[],
  { dockerfiles }: Existing,
): ExistingDockerfile | undefined {
  const mentions = (file: ExistingDockerfile) => file.file.toLowerCase().includes(service.key);
  const sameFolder = dockerfiles.filter(({ file }) => folderOf(file) === service.dir);
  const named = dockerfiles.find(mentions);
  const here = services.filter(({ dir }) => dir === service.dir);
  const alone = here.length === 1;
  const httpHere = here.filter(({ kind }) => kind.value === 'http').length;
  return (
    sameFolder.find(mentions) ??
    (alone ? sameFolder[0] : undefined) ??
    named ??
    (services.length === 1 ? dockerfiles[0] : undefined) ??
    (service.kind.value === 'http' && httpHere === 1 ? sameFolder[0] : undefined)
  );
}

function applyDockerfile(service: DetectedService, file: ExistingDockerfile): void {
  const image = { go: 'golang', python: 'python', node: 'node' }[service.language];
  for (const { image: base, evidence } of file.bases) {
    const { name, tag } = imageParts(base);
    const version = /^v?(\d+(?:\.\d+)?)/.exec(tag ?? '')?.[1];
    if (name.split('/').pop() !== image || !version) continue;
    const short = service.language === 'node' ? version.split('.')[0] : version;
    if (short && (!service.version || service.version.confidence === 'likely'))
      service.version = finding(short, evidence);
  }
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(file.user?.value ?? '') ?? [];
  if (uid && Number(uid) > 0 && file.user)
    service.user = finding({ uid: Number(uid), gid: Number(gid ?? uid) }, file.user.evidence);
  if (!wantsPort(service)) return;
  const started = [file.entrypoint, file.command].find(command => command && portIn(command.value));
  const port = started && portIn(started.value);
  if (port && started) service.port = finding(port, started.evidence);
  else if (
    file.expose.length > 0 &&
    file.expose[0] &&
    !service.port?.evidence.some(({ text }) => text?.includes('port'))
  )
    service.port = file.expose[0];
  if (file.command?.value.includes('--factory')) service.build.factory = true;
}

/** A program that serves gRPC alone has no port of HTTP that a Dockerfile could mean. */
function wantsPort({ kind, port, grpc, portEnv }: DetectedService): boolean {
  return kind.value === 'http' && isOpen(port) && !(grpc && !port && !portEnv);
}

function isOpen(port: Finding<number> | undefined): boolean {
  return port === undefined || port.confidence === 'likely';
}

/** `--port 8000`, `--bind=0.0.0.0:8000`, `-b :8000` in a command. */
function portIn(words: string[]): number | undefined {
  const flat = words.flatMap(word => word.split(/\s+/));
  for (const [at, word] of flat.entries()) {
    const [, glued] = /^(?:--(?:port|bind|http-port|listen)|-b|-p)(?:=(.*))?$/.exec(word) ?? [];
    if (glued === undefined && !/^(--(port|bind|http-port|listen)|-b|-p)$/.test(word)) continue;
    const found = address((glued ?? flat[at + 1] ?? '').replace(/\$\{\w+:-(\d+)\}/, '$1'));
    if (found) return found.port;
  }
  return undefined;
}

function applyCompose(service: DetectedService, { composeFiles }: Existing): void {
  for (const { services } of composeFiles.filter(
    ({ file }) => !/override|dev|test|ci|local|debug/.test(file),
  )) {
    for (const { name, build, ports, command, evidence } of services) {
      const folder = (build ?? ' ').replace(/^\.\//, '').replace(/\/$/, '') || '.';
      const isOurs =
        build !== undefined &&
        (name === service.key ||
          (folder === service.dir && services.filter(each => each.build === build).length === 1));
      if (!isOurs || service.kind.value !== 'http') continue;
      const port = (command && portIn(command)) ?? ports[0]?.container;
      if (port && wantsPort(service)) service.port = finding(port, evidence);
    }
  }
}

function applyManifest(
  service: DetectedService,
  services: DetectedService[],
  manifests: ExistingManifest[],
): void {
  const workloads = manifests.filter(
    ({ kind, image }) =>
      image !== undefined &&
      (service.kind.value === 'job' ? /Job$/ : /^(Deployment|StatefulSet|DaemonSet)$/).test(kind),
  );
  const own =
    workloads.find(({ name }) => name === service.key || name.endsWith(`-${service.key}`)) ??
    (workloads.length === 1 && services.filter(({ kind }) => kind.value === service.kind.value).length === 1
      ? workloads[0]
      : undefined);
  if (!own) return;
  if (own.user && !service.user)
    service.user = finding({ uid: own.user.uid, gid: own.user.gid ?? own.user.uid }, own.evidence);
  if (own.schedule) service.schedule = finding(own.schedule, own.evidence);
  if (service.kind.value !== 'http') return;
  if (own.ports[0] && isOpen(service.port)) service.port = finding(own.ports[0].port, own.evidence);
  for (const { role, path, evidence } of own.probes) {
    if (!path || (!service.health.missing && service.health[role])) continue;
    service.health[role] = finding(path, evidence, 'likely');
  }
}

function applyExample(variable: EnvVariable, examples: EnvVariable[]): void {
  const example = examples.find(({ name }) => name === variable.name);
  if (!example) return;
  if (example.comment) variable.comment = example.comment;
  variable.secret ||= example.secret;
  if (variable.secret) delete variable.default;
  else if (example.default !== undefined) variable.default ??= example.default;
  variable.evidence.push(...example.evidence);
}
