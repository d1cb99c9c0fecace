import { backupOf } from '../../model/backup.ts';
import type { Model } from '../../model/model.ts';
import type { Monitoring, Watched } from '../../model/monitoring.ts';
import { type Job, listening } from './job.ts';
import { kubernetesJobs } from './kubernetes.ts';
import { probeJobs } from './probes.ts';
import { regexLiteral } from './rule.ts';

/** Names of tools hold a slash, which no service's can. */
export function jobsOf(model: Model, monitoring: Monitoring): Job[] {
  const onHost = monitoring.platform === 'host' || monitoring.platform === 'compose';
  return [
    ...(monitoring.platform === 'kubernetes'
      ? kubernetesJobs(monitoring)
      : monitoring.services.flatMap(serviceJob)),
    ...probeJobs(monitoring),
    ...(onHost ? [nodeJob(model, monitoring), cadvisorJob(monitoring)] : []),
    ...databaseJob(model, monitoring),
    tool('alertmanager', monitoring.tools.alertmanager, [
      `alertmanager --config.file=alertmanager.yml --web.listen-address=${listening(monitoring, 'alertmanager')}`,
    ]),
    tool('prometheus', monitoring.tools.prometheus, []),
  ];
}

function serviceJob({ service, scraped, byName }: Watched): Job[] {
  const [first] = scraped;
  if (!service.metrics || first === undefined) return [];
  const labels = { service: service.unit };
  const found = byName
    ? {
        // Each copy has an address of its own behind the name.
        dns_sd_configs: [
          { names: [service.key], type: 'A', port: Number(first.split(':').at(-1)), refresh_interval: '15s' },
        ],
        relabel_configs: [{ target_label: 'service', replacement: service.unit }],
      }
    : { static_configs: [{ targets: scraped, labels }] };
  return [{ notes: [], config: { job_name: service.unit, metrics_path: service.metrics.path, ...found } }];
}

const tool = (name: string, target: string, notes: readonly string[]): Job => ({
  notes,
  config: { job_name: `tool/${name}`, static_configs: [{ targets: [target] }] },
});

function nodeJob(model: Model, monitoring: Monitoring): Job {
  const backup = model.targets.backup && backupOf(model);
  const units = monitoring.services.map(each => regexLiteral(each.service.unit)).join('|');
  return tool('node', monitoring.tools.node, [
    `node_exporter --web.listen-address=${listening(monitoring, 'node')}`,
    ...(monitoring.platform === 'host'
      ? [
          '  --collector.systemd --collector.systemd.enable-restarts-metrics',
          `  --collector.systemd.unit-include='(${units})(@[0-9]+)?\\.service'`,
        ]
      : []),
    ...(backup
      ? [`  --collector.textfile.directory=${backup.state} (backup.sh writes its metrics there)`]
      : []),
  ]);
}

const cadvisorJob = (monitoring: Monitoring): Job =>
  tool('cadvisor', monitoring.tools.cadvisor, [
    monitoring.platform === 'host'
      ? `cadvisor --listen_ip=127.0.0.1 --port=${monitoring.tools.cadvisor.split(':').at(-1)} (memory and CPU of each unit)`
      : 'cAdvisor, with /sys, /var/lib/docker and the Docker socket mounted to be read (memory, CPU and restarts of each container)',
  ]);

function databaseJob(model: Model, monitoring: Monitoring): Job[] {
  if (!model.database || monitoring.platform === 'outside') return [];
  return [
    tool('postgres', monitoring.tools.postgres, [
      `postgres_exporter --web.listen-address=${listening(monitoring, 'postgres')}, logged in as a role that has pg_monitor`,
    ]),
  ];
}
