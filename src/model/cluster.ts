import { migrating, ownDatabase } from './companions.ts';
import { type Model, type ProjectModel, type Service, servicesOf } from './model.ts';
import { PRODUCTION } from './namespace.ts';

/** What the runbook, monitoring and the manifests have to agree on. */

/** Kinds that every deploy looks through for what its release does not have: a run that was killed may have brought them. */
export const CLEARED: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['policy/v1', 'PodDisruptionBudget'],
].map(([apiVersion = '', kind = '']) => ({ apiVersion, kind }));

/** What holds data, or others' objects, is for a person to delete. */
export const NEVER_CLEARED: readonly string[] = [
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Secret',
];

/** Data stays with its pod, so pods that have some are told apart. */
export const isStateful = ({ volumes, kind }: Service): boolean => volumes.length > 0 && kind !== 'job';

export const workloadKind = (service: Service): 'Deployment' | 'StatefulSet' =>
  isStateful(service) ? 'StatefulSet' : 'Deployment';

/** As kubectl takes it. */
export const workloadOf = (service: Service): string =>
  `${workloadKind(service).toLowerCase()}/${service.unit}`;

/** An autoscaler needs one pod to measure. https://kubernetes.io/docs/concepts/workloads/autoscaling/ */
export const fewestReplicas = ({ capacity: { scale } }: Service): number =>
  scale.kind === 'fixed' ? scale.replicas : Math.max(scale.min, 1);

/** Where an operator fills in what the service must keep to itself. */
export const secretName = ({ unit }: Service): string => `${unit}-secrets`;

/** The certificate and key of a program that speaks TLS itself, as `kubectl create secret tls` makes it. */
export const certificateName = ({ unit }: Pick<Service, 'unit'>): string => `${unit}-tls`;

/** No image has this tag: what is applied without another starts nothing, and leaves what runs alone. */
export const TAG_UNSET = 'tag-not-set';

const asksForPassword = ({ targets }: Model): boolean =>
  targets.kubernetes?.expose?.kind === 'ingress' && targets.kubernetes.expose.auth === 'basic';

/** Whether the operator has Secrets to fill. */
export const hasSecrets = (model: Model): boolean =>
  migrating(model) !== undefined ||
  ownDatabase(model) !== undefined ||
  asksForPassword(model) ||
  servicesOf(model, 'kubernetes').some(({ secrets }) => secrets.length > 0);

export const SECRETS_FOLDER = 'deploy/k8s/secrets';

/** What `kubectl apply -k` takes; without an environment it is production's. */
export const overlayOf = ({ environment = PRODUCTION }: Model): string =>
  `deploy/k8s/overlays/${environment}`;

export const inCluster = ({ targets }: Model): boolean => targets.kubernetes !== undefined;

/** An environment may run elsewhere; who renders this by name, without settings, means them all. */
export const overlaysOf = ({ environments }: ProjectModel): readonly Model[] =>
  environments.some(inCluster)
    ? environments.filter(each => inCluster(each) || each.environment === PRODUCTION)
    : environments;
