import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';
import type { Model } from '../../model/model.ts';
import { callsOf } from './environment.ts';
import { hostVariable } from './place.ts';

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

/** Those that others call come first; the configuration was checked for circles. */
function inOrder(cloud: CloudRun): CloudRunService[] {
  const done: CloudRunService[] = [];
  const visit = (own: CloudRunService, above: readonly string[]) => {
    if (done.includes(own) || above.includes(own.service.key)) return;
    for (const key of [...own.service.dependsOn.services, ...callsOf(cloud, own)]) {
      const other = cloud.services.find(({ service }) => service.key === key);
      if (other) visit(other, [...above, own.service.key]);
    }
    done.push(own);
  };
  for (const own of cloud.services) visit(own, []);
  return done;
}

/** A secret is needed where one of those that read it needs it. */
function distinct(secrets: CloudRunService['secrets']): CloudRunService['secrets'] {
  const known = new Map<string, CloudRunService['secrets'][number]>();
  for (const secret of secrets)
    known.set(secret.id, {
      ...secret,
      optional: secret.optional && (known.get(secret.id)?.optional ?? true),
    });
  return [...known.values()];
}

const apisOf = ({ settings }: CloudRun): string[] => [
  'run.googleapis.com',
  'artifactregistry.googleapis.com',
  'secretmanager.googleapis.com',
  'iam.googleapis.com',
  ...(settings.vpcConnector === null ? [] : ['vpcaccess.googleapis.com']),
  ...(settings.network ? ['compute.googleapis.com'] : []),
];

/** A mapping gives one service the whole domain. */
function domainOf({ domain }: Model, { services }: CloudRun): object | undefined {
  const root = services.find(({ service }) => service.publicPath === '/');
  return domain !== undefined && root ? { name: domain, unit: root.service.unit } : undefined;
}

function setupPlan({ registry, account, settings, services }: CloudRun): string[] {
  const steps = [
    'enable the APIs',
    ...(registry.kind === 'direct' ? [] : [`the image repository ${registry.name}`]),
    ...(account.id === undefined ? [] : [`the account ${account.email}`]),
    'secrets, and that the account may read each of them; a new version where a value is given that differs',
    settings.public
      ? 'everybody may call, without a token'
      : `these may call, with a token: ${settings.invokers.join(', ') || 'nobody but those whom the project lets'}`,
    ...(services.some(({ service }) => service.publicPath === '/')
      ? ['the domain, once it is there to be mapped']
      : []),
  ];
  return steps.map((step, i) => `${i + 1}. ${step}`);
}
