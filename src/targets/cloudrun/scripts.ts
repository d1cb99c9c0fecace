import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';
import type { Model } from '../../model/model.ts';
import { callsOf } from './environment.ts';
import { inOrder } from './order.ts';
import { hostVariable } from './place.ts';
import { apisOf, distinct, domainOf, setupPlan } from './setup.ts';

/** What setup.sh, deploy.sh and rollback.sh know. */
export function scriptsView(model: Model, cloud: CloudRun): object {
  const view = factsOf(model, cloud);
  // A shell's linter takes a dollar sign between single quotes for a mistake.
  return { ...view, quoting: /[$`]/.test(JSON.stringify(view)) };
}

function factsOf(model: Model, cloud: CloudRun): object {
  const { settings, registry, account } = cloud;
  const services = inOrder(cloud).map(own => serviceFacts(cloud, own));
  const secrets = distinct(cloud.services.flatMap(each => each.secrets));
  return {
    name: model.name,
    project: settings.project,
    region: settings.region,
    account,
    units: services.map(({ unit }) => unit),
    services,
    remote: registry.kind === 'remote' && registry,
    repository: registry.kind === 'artifacts' && registry,
    secrets,
    names: secrets.map(({ name }) => name),
    files: cloud.services.flatMap(({ files }) => files),
    apis: apisOf(cloud),
    connector: settings.vpcConnector,
    public: settings.public,
    invokers: settings.invokers,
    domain: domainOf(model, cloud),
    plan: setupPlan(cloud),
    tag: model.image.tag ?? '',
    verify: {
      attempts: model.verify.attempts,
      interval: atLeastOne(model.verify.interval),
      timeout: atLeastOne(model.verify.timeout),
    },
  };
}

const atLeastOne = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1_000));

function serviceFacts(cloud: CloudRun, own: CloudRunService) {
  const { service, file, image, port, probes, secrets, files } = own;
  return {
    unit: service.unit,
    file,
    image,
    // Artifact Registry knows the digest of a tag; of another registry Docker asks it.
    lookup: cloud.registry.kind === 'artifacts' ? 'artifacts' : 'docker',
    // Without a path that can be asked from outside, any answer of the program has to do.
    kind: port.name === 'h2c' ? 'grpc' : probes.length > 0 ? 'http' : 'any',
    probes: probes.length > 0 ? probes : ['/'],
    secrets,
    files: files.map(({ source, id }, i) => ({ source, id, variable: `FILE_${i + 1}` })),
    calls: callsOf(cloud, own).flatMap(key => {
      const other = cloud.services.find(each => each.service.key === key);
      return other && other !== own
        ? [{ unit: other.service.unit, variable: hostVariable(key).replace('AIDEPLOY_', '') }]
        : [];
    }),
  };
}
