/**
 * Restarts longer ago than the longest pause of a crash loop, five minutes in Kubernetes, are history. Milliseconds.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
 */
export const CALM = 600_000;
