import { CLOUD_RUN_DRAIN, type CloudRun, type CloudRunService } from '../../model/cloudrun.ts';
import type { ProbeBudget } from '../../model/health.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { interpolation } from '../../render/engine.ts';
import { environmentOf } from './environment.ts';
import { Absent, textOf } from './place.ts';
import { volumesOf } from './volumes.ts';

const MIB = 2 ** 20;

/** service.yaml, as https://cloud.google.com/run/docs/reference/yaml/v1 describes it. */
export function serviceView(model: Model, cloud: CloudRun, own: CloudRunService): object {
  const { service, port, cpu, memory } = own;
  const { gpu } = service.capacity;
  const { variables, secrets, absent } = environmentOf(model, cloud, own);
  const words = (texts: typeof service.args) =>
    texts.flatMap(text => {
      const value = textOf(text, model, cloud, service);
      return value instanceof Absent ? [] : [value];
    });
  return {
    unit: service.unit,
    labels: labelsOf(model),
    annotations: serviceAnnotations(cloud),
    record: {
      revision: interpolation('${AIDEPLOY_RECORD}'),
      verified: interpolation('${AIDEPLOY_VERIFIED}'),
    },
    revision: interpolation('${AIDEPLOY_REVISION}'),
    template: templateAnnotations(cloud, own),
    account: cloud.account.email,
    concurrency: own.concurrency,
    timeout: service.timing.cloudRunTimeout / 1_000,
    drain: service.timing.drain > CLOUD_RUN_DRAIN && seconds(service.timing.drain),
    accelerator: gpu && { 'run.googleapis.com/accelerator': gpu.type ?? 'nvidia-l4' },
    image: interpolation('${AIDEPLOY_IMAGE}'),
    command: service.command && words(service.command),
    args: service.args.length > 0 && words(service.args),
    port,
    limits: {
      cpu: cpu % 1_000 === 0 ? String(cpu / 1_000) : `${cpu}m`,
      memory: memory % MIB === 0 ? `${memory / MIB}Mi` : String(memory),
      'nvidia.com/gpu': gpu && String(gpu.count),
    },
    probes: probesOf(own),
    hasEnvironment: variables.length + secrets.length > 0,
    variables,
    secrets,
    absent,
    ...volumesOf(own),
  };
}

const labelsOf = ({ name, environment }: Model): Record<string, string | undefined> => ({
  app: name,
  environment,
  'managed-by': 'aideploy',
});

/** Of the service, not of a revision: instances that are kept ready follow the traffic. */
const serviceAnnotations = ({ settings }: CloudRun): Record<string, string> => ({
  'run.googleapis.com/ingress': settings.ingress,
  'run.googleapis.com/minScale': String(settings.min),
});

function templateAnnotations(
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

interface Probe {
  readonly name: 'startupProbe' | 'livenessProbe';
  readonly notes: readonly string[];
  readonly action: object;
  readonly period: number;
  readonly timeout: number;
  readonly failures: number;
}

/** Asked over HTTP/1, at the port that speaks it. Nobody asks for readiness: an instance gets requests once it has started. */
function probesOf({ service, startup }: CloudRunService): Probe[] {
  const { health, port } = service;
  if (!health) return [];
  const probe = (
    name: Probe['name'],
    { path, period, timeout }: ProbeBudget,
    failures: number,
    notes: string[],
  ) => ({
    name,
    notes,
    action: { httpGet: { path, port } },
    period: period / 1_000,
    timeout: timeout / 1_000,
    failures,
  });
  const first = health.startup.path === health.live.path ? health.ready.path : health.startup.path;
  const cut = startup.cut
    ? [`timeouts.startup is ${seconds(service.timing.startup)}; Cloud Run waits 240s at most.`]
    : [];
  return [
    probe('startupProbe', { ...health.startup, path: first }, startup.failures, cut),
    probe('livenessProbe', health.live, health.live.failures, []),
  ];
}
