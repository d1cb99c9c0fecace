import {
  type AnyFact,
  type Component,
  type FactKind,
  type FactValues,
  factOf,
  type Platform,
} from '../artifacts/fact.ts';

/** What a platform does where an artifact says nothing, and how it is quoted. */
interface Default<K extends FactKind = FactKind> {
  readonly platforms: readonly Platform[];
  readonly forms: readonly Component['form'][];
  readonly kind: K;
  readonly value: FactValues[K];
  readonly note: string;
}

const SECOND = 1_000;

const DEFAULTS: readonly Default[] = [
  // https://docs.docker.com/reference/cli/docker/container/stop/
  {
    platforms: ['compose', 'docker'],
    forms: ['container'],
    kind: 'stop.budget',
    value: 10 * SECOND,
    note: 'docker stop, default 10 s',
  },
  // https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
  {
    platforms: ['kubernetes'],
    forms: ['container'],
    kind: 'stop.budget',
    value: 30 * SECOND,
    note: 'terminationGracePeriodSeconds, default 30 s',
  },
  // systemd-system.conf(5), DefaultTimeoutStopSec
  {
    platforms: ['systemd'],
    forms: ['process'],
    kind: 'stop.budget',
    value: 90 * SECOND,
    note: 'TimeoutStopSec, default 90 s',
  },
  // https://cloud.google.com/run/docs/container-contract#instance-shutdown
  {
    platforms: ['cloudrun'],
    forms: ['container'],
    kind: 'stop.budget',
    value: 10 * SECOND,
    note: 'Cloud Run, always 10 s',
  },
];

/** The facts that a component leaves to its platform, placed at what omits them. */
export function defaultsOf(component: Component): readonly AnyFact[] {
  return DEFAULTS.filter(
    each =>
      each.platforms.includes(component.platform) &&
      each.forms.includes(component.form) &&
      !factOf(component, each.kind),
  ).map(({ kind, value, note }) => ({ kind, value, note, at: component.at, origin: 'default' }) as AnyFact);
}
