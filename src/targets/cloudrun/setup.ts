import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';
import type { Model } from '../../model/model.ts';

/** A secret is needed where one of those that read it needs it. */
export function distinct(secrets: CloudRunService['secrets']): CloudRunService['secrets'] {
  const known = new Map<string, CloudRunService['secrets'][number]>();
  for (const secret of secrets)
    known.set(secret.id, {
      ...secret,
      optional: secret.optional && (known.get(secret.id)?.optional ?? true),
    });
  return [...known.values()];
}

export const apisOf = ({ settings }: CloudRun): string[] => [
  'run.googleapis.com',
  'artifactregistry.googleapis.com',
  'secretmanager.googleapis.com',
  'iam.googleapis.com',
  ...(settings.vpcConnector === null ? [] : ['vpcaccess.googleapis.com']),
  ...(settings.network ? ['compute.googleapis.com'] : []),
];

/** A mapping gives one service the whole domain. */
export function domainOf({ domain }: Model, { services }: CloudRun): object | undefined {
  const root = services.find(({ service }) => service.publicPath === '/');
  return domain !== undefined && root ? { name: domain, unit: root.service.unit } : undefined;
}

export function setupPlan({ registry, account, settings, services }: CloudRun): string[] {
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
