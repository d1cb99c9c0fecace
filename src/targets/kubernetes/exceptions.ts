import type { KubeObject } from './object.ts';

interface Container {
  readonly image: string;
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: object } }[];
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
}

interface Seen {
  readonly object: KubeObject;
  readonly pod: PodSpec | undefined;
}

/** What a checker would say against what the configuration wants, and why it stays: by the checker's own annotation. */
interface Exception {
  readonly applies: (seen: Seen) => boolean;
  readonly checkov?: readonly string[];
  readonly kubeScore?: readonly string[];
  readonly reason: string;
}

/** Numbers below may be those of an account of the node. */
const HIGH_ID = 10_000;

const EXCEPTIONS: readonly Exception[] = [
  {
    applies: ({ pod }) => pod?.containers.some(({ image }) => !image.includes('@sha256:')) ?? false,
    checkov: ['CKV_K8S_43'],
    reason: 'an image has its tag until its digest is known',
  },
  {
    applies: ({ pod }) =>
      pod?.containers.some(({ env = [] }) => env.some(each => each.valueFrom?.secretKeyRef)) ?? false,
    checkov: ['CKV_K8S_35'],
    reason: 'the program reads its secrets from variables',
  },
  {
    applies: ({ pod }) =>
      pod !== undefined && Math.min(pod.securityContext.runAsUser, pod.securityContext.runAsGroup) <= HIGH_ID,
    checkov: ['CKV_K8S_40'],
    kubeScore: ['container-security-context-user-group-id'],
    reason: 'the configuration says which user it is',
  },
  {
    applies: ({ pod }) => pod?.containers.some(sameProbes) ?? false,
    kubeScore: ['pod-probes-identical'],
    reason: 'the configuration says that one path answers both probes',
  },
  {
    applies: ({ object, pod }) =>
      serves(object) && (pod?.containers.some(each => !each.livenessProbe) ?? false),
    checkov: ['CKV_K8S_8'],
    reason: 'nothing that it answers tells whether it hangs',
  },
  {
    applies: ({ object, pod }) =>
      serves(object) && (pod?.containers.some(each => !each.readinessProbe) ?? false),
    checkov: ['CKV_K8S_9'],
    reason: 'it has no port, so nobody waits for it',
  },
  {
    applies: ({ object }) => replicasOf(object) === 1,
    kubeScore: ['deployment-replicas', 'horizontalpodautoscaler-replicas'],
    reason: 'the configuration asks for one copy',
  },
];

/** Jobs come to an end of their own. */
const serves = ({ kind }: KubeObject): boolean => kind === 'Deployment' || kind === 'StatefulSet';

const sameProbes = ({ livenessProbe, readinessProbe }: Container): boolean =>
  livenessProbe !== undefined && questionOf(livenessProbe) === questionOf(readinessProbe);

/** What is asked, whenever and however often. */
const questionOf = (probe: object | undefined): string =>
  JSON.stringify(Object.entries(probe ?? {}).filter(([key]) => !/Seconds|Threshold/.test(key)));

function replicasOf({ kind, spec }: KubeObject): number | undefined {
  const { replicas, minReplicas } = (spec ?? {}) as { replicas?: number; minReplicas?: number };
  if (kind === 'HorizontalPodAutoscaler') return minReplicas;
  return kind === 'Deployment' ? replicas : undefined;
}

function podOf({ kind, spec }: KubeObject): PodSpec | undefined {
  type Templated = { template: { spec: PodSpec }; jobTemplate: { spec: Templated } };
  if (kind === 'CronJob') return (spec as Templated).jobTemplate.spec.template.spec;
  const has = ['Deployment', 'StatefulSet', 'Job'].includes(kind);
  return has ? (spec as Templated).template.spec : undefined;
}

/** The object, with the reasons beside it. */
export function excused(object: KubeObject): KubeObject {
  const seen = { object, pod: podOf(object) };
  const own = EXCEPTIONS.filter(({ applies }) => applies(seen));
  const skipped = own.flatMap(({ checkov = [], reason }) => checkov.map(check => `${check}=${reason}`));
  const ignored = own.filter(({ kubeScore }) => kubeScore !== undefined);
  const annotations = {
    ...object.metadata.annotations,
    ...Object.fromEntries(skipped.map((text, index) => [`checkov.io/skip${index + 1}`, text])),
    ...(ignored.length > 0 && {
      'kube-score/ignore': ignored.flatMap(({ kubeScore = [] }) => kubeScore).join(','),
      'kube-score/reason': ignored.map(({ reason }) => reason).join('; '),
    }),
  };
  if (Object.keys(annotations).length === 0) return object;
  return { ...object, metadata: { ...object.metadata, annotations } };
}
