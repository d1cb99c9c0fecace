import { type BuiltService, isBuilt, type Model, type Service, servicesOf } from './model.ts';

/** How far the ports of a second instance lie from those of the first: clear of other services' own. */
const INSTANCE_STEP = 10_000;
const LAST_PORT = 65_535;
/** A database of these hosts is on this machine. */
const LOCAL = [undefined, 'localhost', '127.0.0.1', '::1'];

/** Where a model's programs stand on a machine of their own; systemd, nginx, backup and the runbook agree by it. */
export interface Host {
  readonly user: string;
  /** `<releases>/<id>` holds each release with its record, and the link `current` names the one that runs. */
  readonly dir: string;
  readonly releases: string;
  readonly current: string;
  /** The release that is about to run: its migrations come before the switch. */
  readonly next: string;
  readonly config: string;
  /** One file for each secret, where secrets are files; owned by root, mode 700. */
  readonly credentials: string;
  readonly keepReleases: number;
  readonly databaseIsLocal: boolean;
  readonly services: readonly HostService[];
}

export interface HostService {
  readonly service: BuiltService;
  /** Secrets and settings of this service; owned by root, mode 600. */
  readonly environmentFile: string;
  /** Of the parts of a release, below `current` or `next`. */
  readonly paths: ReleasePaths;
  /** Programs of Go by the names that scripts/build.sh gives them, the service's own first. */
  readonly programs: readonly { readonly program: string; readonly file: string }[];
  /** One for most; two of an http service, so that a restart is no outage. */
  readonly instances: readonly Instance[];
  /** What its units append to, where a file is chosen instead of the journal. */
  readonly logFile: string | undefined;
}

interface ReleasePaths {
  /** Sources of a Python or Node program. */
  readonly app: string;
  /** Packages of a Python program. */
  readonly venv: string;
  /** The rendered files that belong to the program, such as gunicorn.conf.py. */
  readonly rendered: string;
  /** What only the release knows: its version. */
  readonly environment: string;
}

/** One running copy, with the ports it listens on; a reference such as `${port}` means these. */
export interface Instance {
  readonly number: number;
  /** `chatbot.service`, or `chatbot@1.service` of a template unit where there are several. */
  readonly unit: string;
  readonly port: number | undefined;
  readonly metricsPort: number | undefined;
  readonly grpcPort: number | undefined;
}

export function hostOf(model: Model): Host {
  const settings = model.targets.systemd;
  const dir = settings?.dir ?? `/opt/${model.name}`;
  const config = settings?.config ?? `/etc/${model.name}`;
  const count = settings?.instances ?? 1;
  const built = model.services.filter(isBuilt);
  return {
    user: settings?.user ?? model.name,
    dir,
    releases: `${dir}/releases`,
    current: `${dir}/current`,
    next: `${dir}/next`,
    config,
    credentials: `${config}/credentials`,
    keepReleases: settings?.keepReleases ?? 5,
    databaseIsLocal: model.database !== undefined && LOCAL.includes(model.database.host),
    services: servicesOf(model, 'systemd')
      .filter(isBuilt)
      .map(service => ({
        service,
        environmentFile: `${config}/${service.unit}.env`,
        paths: pathsOf(service),
        programs: service.source.language === 'go' ? programsOf(service, built) : [],
        instances: instancesOf(service, service.kind === 'http' ? count : 1),
        logFile: settings?.log === 'file' ? `${logFolder(model)}/${service.unit}.log` : undefined,
      })),
  };
}

export const logFolder = (model: Pick<Model, 'name'>): string => `/var/log/${model.name}`;

const pathsOf = ({ unit }: BuiltService): ReleasePaths => ({
  app: `app/${unit}`,
  venv: `venv/${unit}`,
  rendered: `systemd/${unit}`,
  environment: `env/${unit}`,
});

/** Files of one folder: a name that two services have is led by the service's own. */
function programsOf({ unit, source }: BuiltService, built: readonly BuiltService[]) {
  const names = built.flatMap(other =>
    [other.source, ...other.source.binaries].map(({ program }) => program),
  );
  return [source, ...source.binaries].map(({ program }) => ({
    program,
    file: names.filter(name => name === program).length > 1 ? `${unit}-${program}` : program,
  }));
}

function instancesOf(service: BuiltService, count: number): Instance[] {
  return Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    unit: count === 1 ? `${service.unit}.service` : `${service.unit}@${i + 1}.service`,
    port: portOf(service.port, i),
    metricsPort: portOf(metricsPort(service), i),
    grpcPort: portOf(service.grpc?.port, i),
  }));
}

const metricsPort = ({ metrics }: Service) => metrics?.port;

/** The ports of instance `i`; below the first where there is no room above. */
function portOf(port: number | undefined, i: number): number | undefined {
  if (port === undefined || i === 0) return port;
  const shift = i * INSTANCE_STEP;
  return port + shift <= LAST_PORT ? port + shift : port - shift;
}

/** The service as one instance of it sees itself: references mean the instance's own ports. */
export const asInstance = (service: BuiltService, instance: Instance): BuiltService => ({
  ...service,
  port: instance.port,
  metrics: service.metrics && { ...service.metrics, port: instance.metricsPort },
  grpc:
    service.grpc && instance.grpcPort !== undefined
      ? { ...service.grpc, port: instance.grpcPort }
      : undefined,
});
