import type { Monitoring, Watched } from '../../model/monitoring.ts';
import type { Job } from './job.ts';

/** Pods are found by the API server; Prometheus' account may list pods, endpoints, services and nodes. */
export const kubernetesJobs = (monitoring: Monitoring): Job[] => [
  ...monitoring.services.flatMap(each => podsJob(each, monitoring.namespace)),
  stateJob(),
  kubeletJob('cadvisor', ['Memory and CPU of each container.'], '/metrics/cadvisor'),
  kubeletJob('kubelet', ['How full volumes are.'], '/metrics'),
];

function podsJob({ service }: Watched, namespace: string): Job[] {
  if (!service.metrics) return [];
  return [
    {
      notes: [],
      config: {
        job_name: service.unit,
        metrics_path: service.metrics.path,
        kubernetes_sd_configs: [{ role: 'endpoints', namespaces: { names: [namespace] } }],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_service_name'], regex: service.unit, action: 'keep' },
          { source_labels: ['__meta_kubernetes_endpoint_address_target_kind'], regex: 'Pod', action: 'keep' },
          // A pod is found once for each of its ports; with the same address they are one target.
          {
            source_labels: ['__meta_kubernetes_pod_ip'],
            target_label: '__address__',
            replacement: `$1:${service.metrics.port}`,
          },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'instance' },
          { target_label: 'service', replacement: service.unit },
        ],
      },
    },
  ];
}

const stateJob = (): Job => ({
  notes: ['kube-state-metrics, wherever it runs.'],
  config: {
    job_name: 'tool/kube-state-metrics',
    honor_labels: true,
    kubernetes_sd_configs: [{ role: 'endpoints' }],
    relabel_configs: [
      {
        source_labels: ['__meta_kubernetes_service_label_app_kubernetes_io_name'],
        regex: 'kube-state-metrics',
        action: 'keep',
      },
      { source_labels: ['__meta_kubernetes_endpoint_port_name'], regex: 'http.*', action: 'keep' },
    ],
  },
});

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const kubeletJob = (name: string, notes: readonly string[], path: string): Job => ({
  notes,
  config: {
    job_name: `tool/${name}`,
    scheme: 'https',
    metrics_path: path,
    authorization: { credentials_file: `${ACCOUNT}/token` },
    tls_config: { ca_file: `${ACCOUNT}/ca.crt` },
    honor_timestamps: false,
    kubernetes_sd_configs: [{ role: 'node' }],
  },
});
