import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';

/** Of the service, not of a revision: instances that are kept ready follow the traffic. */
export const serviceAnnotations = ({ settings }: CloudRun): Record<string, string> => ({
  'run.googleapis.com/ingress': settings.ingress,
  'run.googleapis.com/minScale': String(settings.min),
});

export function templateAnnotations(
  { settings }: CloudRun,
  own: CloudRunService,
): Record<string, string | undefined> {
  const { service, generation } = own;
  const { vpcConnector, network } = settings;
  const isPrivate = vpcConnector !== null || network !== undefined;
  return {
    'autoscaling.knative.dev/maxScale': String(settings.max),
    'run.googleapis.com/execution-environment': generation,
    'run.googleapis.com/startup-cpu-boost': 'true',
    'run.googleapis.com/cpu-throttling': settings.billing === 'instance' ? 'false' : 'true',
    'run.googleapis.com/sessionAffinity': service.stream?.kind === 'websocket' ? 'true' : undefined,
    'run.googleapis.com/vpc-access-connector': vpcConnector ?? undefined,
    'run.googleapis.com/network-interfaces': network && JSON.stringify([networkOf(network)]),
    'run.googleapis.com/vpc-access-egress': isPrivate ? 'private-ranges-only' : undefined,
  };
}

const networkOf = ({ network, subnet }: NonNullable<CloudRun['settings']['network']>) => ({
  network,
  subnetwork: subnet,
});
