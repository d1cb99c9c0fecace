import { type BuiltService, isBuilt, type Model, type Service, servicesOf } from './model.ts';

/** How far the ports of a second instance lie from those of the first: clear of other services' own. */
const INSTANCE_STEP = 10_000;
const LAST_PORT = 65_535;

/** Where a model's programs stand on a machine of their own; systemd, nginx, backup and the runbook agree by it. */
export interface Host {
  readonly user: string;
  /** `<dir>/releases/<version>` holds each release, and the link `<dir>/current` names the one that runs. */
  readonly dir: string;
  readonly current: string;
  readonly config: string;
  readonly keepReleases: number;
  readonly services: readonly HostService[];
}

export interface HostService {
  readonly service: BuiltService;
  /** Secrets and settings of this service; owned by root, mode 600. */
  readonly environmentFile: string;
  /** One for most; two of an http service, so that a restart is no outage. */
  readonly instances: readonly Instance[];
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
  return {
    user: settings?.user ?? model.name,
    dir,
    current: `${dir}/current`,
    config,
    keepReleases: settings?.keepReleases ?? 5,
    services: servicesOf(model, 'systemd')
      .filter(isBuilt)
      .map(service => ({
        service,
        environmentFile: `${config}/${service.unit}.env`,
        instances: instancesOf(service, service.kind === 'http' ? count : 1),
      })),
  };
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
