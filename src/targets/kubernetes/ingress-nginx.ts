import type { Service } from '../../model/model.ts';
import { BASIC_AUTH, type IngressExposure } from './exposure.ts';
import type { Section } from './traffic.ts';

const PREFIX = 'nginx.ingress.kubernetes.io';

/**
 * Settings by annotations that every controller allows: snippets are off unless its operator turns them on.
 * https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function nginxAnnotations(
  { auth }: IngressExposure,
  service: Service,
  { kind, patience }: Section,
): Record<string, string> {
  const settings = {
    // There is no plainer way to refuse a path without a snippet: nobody may come from anywhere.
    ...(kind === 'refused' ? { 'denylist-source-range': '0.0.0.0/0,::/0' } : limitsOf(service, patience)),
    ...(auth === 'basic' && kind !== 'refused'
      ? { 'auth-type': 'basic', 'auth-secret': BASIC_AUTH, 'auth-realm': 'Restricted' }
      : {}),
    ...(kind === 'stream' ? STREAM : {}),
    ...(kind === 'grpc' ? { 'backend-protocol': service.grpc?.tls ? 'GRPCS' : 'GRPC' } : {}),
  };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${PREFIX}/${name}`, value]));
}

/** Each event goes on at once, and a prompt is never sent a second time: it is paid each time. */
const STREAM = { 'proxy-buffering': 'off', 'proxy-next-upstream': 'off' };

function limitsOf({ limits: { body, rps } }: Service, patience: number): Record<string, string> {
  const seconds = String(Math.ceil(patience / 1_000));
  return {
    'proxy-read-timeout': seconds,
    'proxy-send-timeout': seconds,
    'proxy-body-size': String(body),
    ...(rps === undefined ? {} : rateOf(rps)),
  };
}

/** For each client: whole requests a second, or else a minute; at once may come what a second, or a minute, allows. */
const rateOf = (rps: number): Record<string, string> => ({
  ...(Number.isInteger(rps)
    ? { 'limit-rps': String(rps) }
    : { 'limit-rpm': String(Math.max(1, Math.round(rps * 60))) }),
  'limit-burst-multiplier': '1',
});
