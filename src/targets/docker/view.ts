import type { BuiltService, Model, Service } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { dockerfilePath } from '../dockerfile-path.ts';
import { selfCheck } from '../self-check.ts';
import { entryOf } from './entry.ts';

/** What a language adds to the view that all Dockerfiles share. */
interface LanguagePart {
  /** What runs unless the service has a `command` of its own. */
  readonly program: readonly string[];
  readonly notes?: readonly string[];
  /** Whether version, commit and build time are given by ENV; a Go program has them in itself. */
  readonly stamp: boolean;
}

export function imageView(model: Model, service: BuiltService, part: LanguagePart): object {
  const { entrypoint, command, notes } = entryOf(model, service, part.program);
  const check = checkOf(service);
  return {
    name: service.unit,
    file: dockerfilePath(model, service),
    context: service.source.context,
    base: service.source.base,
    distroless: isDistroless(service),
    user: service.user,
    volumes: service.volumes.map(volume => volume.path),
    literalDollar: service.volumes.some(volume => /[$`]/.test(volume.path)),
    ports: portsOf(service),
    stamp: part.stamp,
    check,
    noCheck: check ? '' : noCheckOf(service),
    notes: [...(part.notes ?? []), ...notes],
    entrypoint,
    command,
    misread: { entrypoint: isMisread(entrypoint), command: isMisread(command) },
  };
}

const isDistroless = ({ source }: BuiltService): boolean => source.base.runtime.includes('/distroless/');

function portsOf({ port, metrics, grpc, ports }: Service): number[] {
  const all = [port, metrics?.port, grpc?.port, ...Object.values(ports)].filter(each => each !== undefined);
  return [...new Set(all)].sort((a, b) => a - b);
}

function checkOf(service: Service): object | undefined {
  const command = selfCheck(service);
  if (!command || !service.health) return undefined;
  const { live } = service.health;
  return {
    command,
    interval: seconds(live.period),
    timeout: seconds(live.timeout),
    retries: live.failures,
    startPeriod: seconds(service.timing.startup),
  };
}

const noCheckOf = ({ kind }: Service): string =>
  kind === 'http'
    ? 'The image holds no client that could ask, and the program has no health.command; platforms ask from outside.'
    : `A ${kind} has no port to ask; it is up while its process is.`;

/** Words that hadolint's own reading of JSON stumbles over. */
const isMisread = (words: readonly string[] | undefined): boolean =>
  words?.some(word => /\\(?:"|$)/.test(word)) ?? false;
