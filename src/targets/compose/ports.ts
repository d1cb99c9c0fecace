import { isBuilt, type Model, type Service } from '../../model/model.ts';
import type { Stage } from './entry.ts';

/** Loopback only. In production just what the proxy or a local scraper reaches. */
export function portsOf(model: Model, service: Service, stage: Stage): string[] {
  const built = model.services.filter(isBuilt).filter(({ kind }) => kind === 'http');
  const reached =
    stage === 'development' ||
    (isBuilt(service) &&
      (service.publicPath !== undefined || built.every(({ publicPath }) => publicPath === undefined)));
  if (!reached) return [];
  const ports = new Set(
    [service.port, service.grpc?.port, service.metrics?.port].filter(port => port !== undefined),
  );
  // Copies of one service cannot share a port of the host, so Docker chooses one for each.
  const one = stage === 'development' || replicasOf(service) === 1;
  return [...ports].map(port => (one ? `127.0.0.1:${port}:${port}` : `127.0.0.1::${port}`));
}

export const replicasOf = ({ capacity, kind }: Service): number =>
  kind !== 'job' && capacity.scale.kind === 'fixed' ? capacity.scale.replicas : 1;
