import type { Job } from './jobs.ts';

/**
 * The first words of the metrics of well-known exporters, and how a job for each is known, as of November 2026:
 * https://prometheus.io/docs/instrumenting/exporters/ and https://github.com/prometheus/prometheus/wiki/Default-port-allocations
 */
const EXPORTERS: readonly (readonly [
  prefix: string,
  name: string,
  jobs: RegExp,
  port: number | undefined,
])[] = [
  ['DCGM_', 'the DCGM exporter', /dcgm|gpu|nvidia/i, 9400],
  ['alertmanager_', 'Alertmanager', /alertmanager/i, 9093],
  ['blackbox_', 'the blackbox exporter', /blackbox|probe/i, 9115],
  ['certmanager_', 'cert-manager', /cert-?manager/i, 9402],
  ['container_', 'cAdvisor', /cadvisor|kubelet|container|docker/i, undefined],
  ['elasticsearch_', 'the Elasticsearch exporter', /elastic/i, 9114],
  ['envoy_', 'Envoy', /envoy|istio|gateway/i, 9901],
  ['kafka_', 'the Kafka exporter', /kafka/i, 9308],
  ['kube_', 'kube-state-metrics', /kube-?state|ksm/i, undefined],
  ['mongodb_', 'the MongoDB exporter', /mongo/i, 9216],
  ['mysql_', 'the MySQL exporter', /mysql|mariadb/i, 9104],
  ['nginx_', 'the nginx exporter', /nginx/i, 9113],
  ['node_', 'the node exporter', /node|host|machine/i, 9100],
  ['pg_', 'the PostgreSQL exporter', /postgres|pg|database|db/i, 9187],
  ['probe_', 'the blackbox exporter', /blackbox|probe/i, 9115],
  ['rabbitmq_', 'RabbitMQ', /rabbit/i, 15692],
  ['redis_', 'the Redis exporter', /redis|cache/i, 9121],
  ['traefik_', 'Traefik', /traefik/i, undefined],
  ['windows_', 'the Windows exporter', /windows|host|machine/i, 9182],
];

/** What gives a metric by its name, and whether one of the jobs may be it; undefined where no exporter is known for it. */
export function exporterOf(
  metric: string,
  jobs: readonly Job[],
): { readonly name: string; readonly scraped: boolean } | undefined {
  const known = EXPORTERS.find(([prefix]) => metric.startsWith(prefix));
  if (!known) return undefined;
  const [, name, pattern, port] = known;
  const scraped = jobs.some(
    job =>
      pattern.test(job.name) ||
      pattern.test(job.path) ||
      (job.probes && port === 9115) ||
      job.targets.some(target => pattern.test(target.host) || target.port === port),
  );
  return { name, scraped };
}
