/** Which rule of ours finds what another program calls an error, or why none does. */
import type { Judge } from './judges.ts';

export interface Claim {
  readonly judge: Judge;
  /** The judge's own name for it. */
  readonly rule: string;
  /** Only where its message is so; the first that fits holds. */
  readonly says?: RegExp;
  /** The rules of which one has to find it. */
  readonly ours?: readonly string[];
  /** Why none has to. */
  readonly why?: string;
}

const claimed = (judge: Judge, rule: string, ours: readonly string[], says?: RegExp): Claim => ({
  judge,
  rule,
  ours,
  ...(says ? { says } : {}),
});

const left = (judge: Judge, rule: string, why: string, says?: RegExp): Claim => ({
  judge,
  rule,
  why,
  ...(says ? { says } : {}),
});

export const CLAIMS: readonly Claim[] = [
  left('hadolint', 'DL3000', 'a relative WORKDIR works: it is below the one before, or /'),
  left('hadolint', 'DL3004', 'sudo in a build is needless, not wrong'),
  left('hadolint', 'DL3011', 'docker build refuses the port itself'),
  left('hadolint', 'DL3020', 'ADD of a file does what COPY does'),
  left('hadolint', 'DL4000', 'MAINTAINER has no effect on what runs'),
  left('hadolint', 'DL4004', 'docker build says that the first ENTRYPOINT is dropped'),

  claimed('actionlint', 'expression', ['github/injection'], /potentially untrusted/),
  claimed('actionlint', 'expression', ['github/invalid']),
  claimed('actionlint', 'events', ['github/invalid']),
  claimed('actionlint', 'if-cond', ['github/invalid']),
  claimed('actionlint', 'job-needs', ['github/invalid']),
  claimed('actionlint', 'syntax-check', ['file/unreadable', 'github/invalid']),
  left('actionlint', 'shellcheck', 'the language of scripts is for shellcheck'),

  claimed('kubeconform', 'statusInvalid', ['k8s/invalid']),
  left(
    'kubeconform',
    'statusError',
    'a kind of its own operator, whose schema is not known here',
    /ScaledObject/,
  ),
  claimed('kubeconform', 'statusError', ['k8s/invalid']),

  left('kube-score', 'container-resources', 'a limit of CPU slows down what could run', /CPU limit/),
  left('kube-score', 'container-resources', 'what ends by itself is not a service', /^(?:CronJob|Job|Pod)\//),
  claimed('kube-score', 'container-resources', ['runtime/no-limits']),
  left('kube-score', 'container-image-tag', 'a test that Helm starts by hand', /-test-connection/),
  claimed('kube-score', 'container-image-tag', ['image/floating']),
  left(
    'kube-score',
    'container-security-context-readonlyrootfilesystem',
    'a test that Helm starts by hand',
    /-test-connection/,
  ),
  left(
    'kube-score',
    'container-security-context-readonlyrootfilesystem',
    'a store writes where its image has it write',
    /\/redis redis:/,
  ),
  claimed('kube-score', 'container-security-context-readonlyrootfilesystem', ['container/privileges']),
  left('kube-score', 'pod-probes', 'a test that Helm starts by hand', /-test-connection/),
  claimed('kube-score', 'pod-probes', ['k8s/probes']),
  claimed('kube-score', 'deployment-targeted-by-hpa-does-not-have-replicas-configured', [
    'k8s/hpa-owns-replicas',
  ]),
  claimed('kube-score', 'cronjob-restartpolicy', ['k8s/invalid']),
  claimed('kube-score', 'deployment-pod-selector-labels-match-template-metadata-labels', ['k8s/invalid']),
  claimed('kube-score', 'service-targets-pod', ['k8s/dangling-selector', 'k8s/namespace']),
  claimed('kube-score', 'ingress-targets-service', ['k8s/dangling-selector', 'k8s/missing-reference']),
  claimed('kube-score', 'networkpolicy-targets-pod', ['k8s/dangling-selector']),
  claimed('kube-score', 'horizontalpodautoscaler-has-target', ['k8s/dangling-selector']),
  left('kube-score', 'container-ephemeral-storage-request-and-limit', 'most containers write nothing'),
  left('kube-score', 'container-image-pull-policy', 'a tag that never moves needs no pull at each start'),
  left('kube-score', 'container-security-context-user-group-id', 'a number above 10000 is a convention'),
  left('kube-score', 'cronjob-has-deadline', 'without a deadline a late run is still a run'),
  left('kube-score', 'deployment-has-poddisruptionbudget', 'with one replica a budget stops every drain'),
  left('kube-score', 'statefulset-has-poddisruptionbudget', 'with one replica a budget stops every drain'),
  left('kube-score', 'statefulset-has-servicename', 'needed only where a pod is called by its own name'),
  left('kube-score', 'pod-networkpolicy', 'policies may stand with the namespace, elsewhere'),
  left('kube-score', 'pod-probes-identical', 'one shallow path may serve both'),
];
