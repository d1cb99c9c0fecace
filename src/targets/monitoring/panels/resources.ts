import { BACKUP_METRICS } from '../../../model/backup.ts';
import { quoted, type Scene } from '../rule.ts';
import { OWN, type Panel } from './panel.ts';

export function resourcePanels({ model, monitoring }: Scene): Panel[] {
  const { cpu, memory, disk } = model.observability.objectives;
  if (monitoring.platform === 'outside') return [];
  const own: Panel[] = [
    {
      title: 'Memory, share of the limit',
      unit: 'percentunit',
      limit: memory,
      queries: [[`service:memory_usage:ratio{${OWN}}`, '{{service}}']],
    },
    {
      title: 'CPU, share of the limit',
      unit: 'percentunit',
      limit: cpu,
      queries: [[`service:cpu_usage:ratio{${OWN}}`, '{{service}}']],
    },
  ];
  if (monitoring.platform === 'kubernetes') {
    const volume = (what: string) =>
      `kubelet_volume_stats_${what}_bytes{namespace=${quoted(monitoring.namespace)}}`;
    return [
      ...own,
      {
        title: 'Volumes, share used',
        unit: 'percentunit',
        limit: disk,
        queries: [[`${volume('used')} / ${volume('capacity')}`, '{{persistentvolumeclaim}}']],
      },
    ];
  }
  const files = `fstype!~'tmpfs|ramfs|overlay|squashfs|iso9660|fuse.*'`;
  return [
    ...own,
    {
      title: 'Host',
      unit: 'percentunit',
      queries: [
        [`1 - avg by (instance) (rate(node_cpu_seconds_total{mode='idle'}[5m]))`, '{{instance}} CPU'],
        ['1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', '{{instance}} memory'],
      ],
    },
    {
      title: 'Disks, share used',
      unit: 'percentunit',
      limit: disk,
      queries: [
        [
          `1 - node_filesystem_avail_bytes{${files}} / node_filesystem_size_bytes{${files}}`,
          '{{instance}} {{mountpoint}}',
        ],
      ],
    },
  ];
}

export function databasePanels({ model, monitoring }: Scene): Panel[] {
  const { database: server, targets } = model;
  if (!server || monitoring.platform === 'outside') return [];
  const own = `database=${quoted(server.name)}`;
  const backups: Panel[] = [
    {
      title: 'Age of the last good backup',
      unit: 's',
      queries: [[`time() - ${BACKUP_METRICS.lastSuccess}{${own}}`, '{{database}}']],
    },
    {
      title: 'Size of the last good backup',
      unit: 'bytes',
      queries: [[`${BACKUP_METRICS.size}{${own}}`, '{{database}}']],
    },
  ];
  return [
    {
      title: 'Database connections',
      unit: 'short',
      queries: [
        ['sum by (instance) (pg_stat_database_numbackends)', '{{instance}}'],
        ['max by (instance) (pg_settings_max_connections)', '{{instance}} at most'],
      ],
    },
    {
      title: 'Database: longest transaction, replication lag',
      unit: 's',
      description: 'The lag is known to the exporter of a replica; a primary says 0.',
      queries: [
        [
          `max by (instance) (pg_stat_activity_max_tx_duration{datname=${quoted(server.name)}})`,
          '{{instance}} transaction',
        ],
        ['max by (instance) (pg_replication_lag_seconds)', '{{instance}} lag'],
      ],
    },
    ...(targets.backup && monitoring.platform !== 'kubernetes' ? backups : []),
  ];
}
