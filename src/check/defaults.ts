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
  // https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout
  {
    platforms: ['nginx'],
    forms: ['route'],
    kind: 'proxy.read',
    value: 60 * SECOND,
    note: 'nginx proxy_read_timeout, default 60 s',
  },
  // https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_connect_timeout
  {
    platforms: ['nginx'],
    forms: ['route'],
    kind: 'proxy.connect',
    value: 60 * SECOND,
    note: 'nginx proxy_connect_timeout, default 60 s',
  },
  // https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size
  {
    platforms: ['nginx'],
    forms: ['route'],
    kind: 'body.limit',
    value: 1024 * 1024,
    note: 'nginx client_max_body_size, default 1m',
  },
  // https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  {
    platforms: ['nginx'],
    forms: ['route'],
    kind: 'proxy.buffering',
    value: true,
    note: 'nginx proxy_buffering, default on',
  },
  // https://cloud.google.com/run/docs/configuring/request-timeout
  {
    platforms: ['cloudrun'],
    forms: ['container'],
    kind: 'timeout.request',
    value: 300 * SECOND,
    note: 'Cloud Run request timeout, default 300 s',
  },
];

/** The facts that a component leaves to its platform, placed at what omits them. */
export function defaultsOf(component: Component): readonly AnyFact[] {
  if (component.partial) return [];
  // What leads nowhere limits nothing.
  if (component.form === 'route' && factOf(component, 'route')?.value.to.length === 0) return [];
  return DEFAULTS.filter(
    each =>
      each.platforms.includes(component.platform) &&
      each.forms.includes(component.form) &&
      !factOf(component, each.kind),
  ).map(({ kind, value, note }) => ({ kind, value, note, at: component.at, origin: 'default' }) as AnyFact);
}
