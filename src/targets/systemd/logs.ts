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

export const logFiles = (host: Host): string[] => host.services.flatMap(({ logFile }) => logFile ?? []);

export const rotationView = (model: Model, host: Host): object | undefined =>
  model.targets.systemd?.log === 'file'
    ? {
        name: model.name,
        user: host.user,
        logs: logFiles(host),
      }
    : undefined;
