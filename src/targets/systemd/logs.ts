import type { Host } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';

/** The forward of this deployment's log, where one is configured; its identifiers are the units' names. */
export function forwardView(model: Model, host: Host): object | undefined {
  const { forward } = model.observability.logs;
  if (!forward) return undefined;
  const colon = forward.to.lastIndexOf(':');
  return {
    name: model.name,
    to: forward.to,
    host: forward.to.slice(0, colon),
    port: forward.to.slice(colon + 1),
    tls: forward.tls,
    ca: forward.tls ? (forward.ca ?? '/etc/ssl/certs/ca-certificates.crt') : undefined,
    units: host.services.map(({ service }, i) => ({ name: service.unit, first: i === 0 })),
    queue: `${model.name}-forward`,
  };
}

/** Where the units append, where a file is chosen instead of the journal. */
export const logFile = (model: Model, unit: string): string | undefined =>
  model.targets.systemd?.log === 'file' ? `${logFolder(model)}/${unit}.log` : undefined;

export const logFolder = (model: Model): string => `/var/log/${model.name}`;

export const logFiles = (model: Model, host: Host): string[] =>
  host.services.map(({ service }) => logFile(model, service.unit)).filter(file => file !== undefined);

export const rotationView = (model: Model, host: Host): object | undefined =>
  model.targets.systemd?.log === 'file'
    ? {
        name: model.name,
        user: host.user,
        logs: logFiles(model, host),
      }
    : undefined;
