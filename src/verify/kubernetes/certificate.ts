import { X509Certificate } from 'node:crypto';
import type { V1Ingress, V1Secret } from '@kubernetes/client-node';
import { blocked } from '../asking.ts';
import { fail, type Observation, pass } from '../probe.ts';
import { reach } from './workloads.ts';

export interface Exposed {
  readonly namespace: string;
  readonly domain: string;
}

interface Certificate {
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message?: string }[] };
}

/** cert-manager renews a certificate of 90 days when 30 are left; half of that is late. */
const LEAST_DAYS = 15;

const DAY = 86_400_000;

export async function lookAtCertificate(
  { namespace, domain }: Exposed,
  signal: AbortSignal,
): Promise<Observation> {
  const expected = `a certificate for ${domain} with ${LEAST_DAYS} days left`;
  const cluster = await reach();
  if (cluster.obstacle) return blocked(cluster.obstacle, expected);
  const ingresses = await cluster.value.get<{ items: V1Ingress[] }>(
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`,
    signal,
  );
  if (ingresses.obstacle) return blocked(ingresses.obstacle, expected);
  const secret = (ingresses.value?.items ?? [])
    .flatMap(({ spec }) => spec?.tls ?? [])
    .find(({ hosts }) => hosts?.includes(domain))?.secretName;
  if (!secret)
    return fail({
      observed: `no Ingress in ${namespace} ends TLS for ${domain}`,
      expected,
      next: `kubectl -n ${namespace} get ingress`,
    });
  const [kept, ordered] = await Promise.all([
    cluster.value.get<V1Secret>(`/api/v1/namespaces/${namespace}/secrets/${secret}`, signal),
    cluster.value.get<Certificate>(
      `/apis/cert-manager.io/v1/namespaces/${namespace}/certificates/${secret}`,
      signal,
    ),
  ]);
  const waiting = ordered.value?.status?.conditions?.find(
    ({ type, status }) => type === 'Ready' && status !== 'True',
  );
  const next = `kubectl -n ${namespace} describe certificate ${secret}`;
  if (waiting)
    return fail({
      observed: `Certificate ${secret} is not ready: ${waiting.message ?? 'no reason given'}`,
      expected,
      next,
    });
  if (kept.obstacle) return blocked(kept.obstacle, expected);
  const pem = Buffer.from(kept.value?.data?.['tls.crt'] ?? '', 'base64').toString();
  return judge(pem, secret, domain, expected, next);
}

function judge(pem: string, secret: string, domain: string, expected: string, next: string) {
  if (!pem.includes('BEGIN CERTIFICATE'))
    return fail({ observed: `the Secret ${secret} holds no certificate`, expected, next });
  const certificate = new X509Certificate(pem);
  const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / DAY);
  if (certificate.checkHost(domain) === undefined)
    return fail({
      observed: `the certificate is for ${certificate.subjectAltName ?? certificate.subject}`,
      expected,
      next,
    });
  return days < LEAST_DAYS
    ? fail({ observed: `${days} days left`, expected, next })
    : pass(`the certificate is for ${domain}, ${days} days left`);
}
