/** https://kubernetes.io/docs/reference/using-api/deprecation-guide/: what went before the versions that schemas are there for. */
const REMOVED: readonly (readonly [api: string, kinds: string, minor: number, instead: string])[] = [
  ['extensions/v1beta1', 'DaemonSet Deployment ReplicaSet', 16, 'apps/v1'],
  ['extensions/v1beta1', 'NetworkPolicy', 16, 'networking.k8s.io/v1'],
  ['extensions/v1beta1', 'Ingress', 22, 'networking.k8s.io/v1'],
  ['extensions/v1beta1', 'PodSecurityPolicy', 16, ''],
  ['apps/v1beta1', 'Deployment StatefulSet', 16, 'apps/v1'],
  ['apps/v1beta2', 'DaemonSet Deployment ReplicaSet StatefulSet', 16, 'apps/v1'],
  [
    'admissionregistration.k8s.io/v1beta1',
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    22,
    'admissionregistration.k8s.io/v1',
  ],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 22, 'apiextensions.k8s.io/v1'],
  ['apiregistration.k8s.io/v1beta1', 'APIService', 22, 'apiregistration.k8s.io/v1'],
  ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest', 22, 'certificates.k8s.io/v1'],
  ['coordination.k8s.io/v1beta1', 'Lease', 22, 'coordination.k8s.io/v1'],
  ['networking.k8s.io/v1beta1', 'Ingress IngressClass', 22, 'networking.k8s.io/v1'],
  [
    'rbac.authorization.k8s.io/v1beta1',
    'ClusterRole ClusterRoleBinding Role RoleBinding',
    22,
    'rbac.authorization.k8s.io/v1',
  ],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass', 22, 'scheduling.k8s.io/v1'],
  ['storage.k8s.io/v1beta1', 'CSIDriver CSINode StorageClass VolumeAttachment', 22, 'storage.k8s.io/v1'],
  ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', 25, 'autoscaling/v2'],
  ['batch/v1beta1', 'CronJob', 25, 'batch/v1'],
  ['discovery.k8s.io/v1beta1', 'EndpointSlice', 25, 'discovery.k8s.io/v1'],
  ['node.k8s.io/v1beta1', 'RuntimeClass', 25, 'node.k8s.io/v1'],
  ['policy/v1beta1', 'PodDisruptionBudget', 25, 'policy/v1'],
  ['policy/v1beta1', 'PodSecurityPolicy', 25, ''],
  ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26, 'autoscaling/v2'],
  [
    'flowcontrol.apiserver.k8s.io/v1beta1',
    'FlowSchema PriorityLevelConfiguration',
    26,
    'flowcontrol.apiserver.k8s.io/v1',
  ],
  ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 27, 'storage.k8s.io/v1'],
  [
    'flowcontrol.apiserver.k8s.io/v1beta2',
    'FlowSchema PriorityLevelConfiguration',
    29,
    'flowcontrol.apiserver.k8s.io/v1',
  ],
];

/** `apps/v1beta1 Deployment` → when it went, and which API has the kind now. */
export const REMOVED_APIS: ReadonlyMap<string, { readonly minor: number; readonly instead: string }> =
  new Map(
    REMOVED.flatMap(([api, kinds, minor, instead]) =>
      kinds.split(' ').map(kind => [`${api} ${kind}`, { minor, instead }] as const),
    ),
  );
