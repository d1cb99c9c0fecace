import { CLOUD_RUN_DRAIN, type CloudRun, type CloudRunService } from '../../model/cloudrun.ts';
import type { Model } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { interpolation } from '../../render/engine.ts';
import { serviceAnnotations, templateAnnotations } from './annotations.ts';
import { environmentOf } from './environment.ts';
import { Absent, textOf } from './place.ts';
import { probesOf } from './probes.ts';
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
      release: interpolation('${AIDEPLOY_RELEASE}'),
      content: interpolation('${AIDEPLOY_CONTENT}'),
      commit: interpolation('${AIDEPLOY_COMMIT}'),
      by: interpolation('${AIDEPLOY_BY}'),
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
