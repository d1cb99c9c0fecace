import { formatShare } from '../../../config/schema/scalars.ts';
import { containerLabels } from '../containers.ts';
import { type Alert, belowAll, plain, quoted, type Scene, selector, series } from '../rule.ts';

export function resourceAlerts(scene: Scene): Alert[] {
  const { platform } = scene.monitoring;
  if (platform === 'outside') return [];
  return [...services(scene), ...(platform === 'kubernetes' ? volumes(scene) : [])];
}

function services(scene: Scene): Alert[] {
  const [service] = scene.monitoring.services.map(each => each.service);
  if (!service) return [];
  const { cpu, memory } = scene.model.observability.objectives;
  const labels = containerLabels(scene, service);
  const named = { service: service.unit };
  const limit = service.capacity.memory.limit;
  const busy = (cores: number) =>
    series('container_cpu_usage_seconds_total', labels, `0+${plain(cores * 60)}x60`);
  const cores = service.capacity.cpu.limit / 1_000;
  return [
    {
      alert: 'MemoryHigh',
      expr: `service:memory_usage:ratio > ${belowAll(memory)}`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.service }} is short of memory',
      description: `It uses {{ $value | humanizePercentage }} of its limit; the objective is ${formatShare(memory)}. At the limit it is killed.`,
      proof: {
        bad: [series('container_memory_working_set_bytes', labels, `${limit}x60`)],
        good: [series('container_memory_working_set_bytes', labels, '1x60')],
        at: '30m',
        labels: named,
        value: '100%',
      },
    },
    {
      alert: 'CpuHigh',
      expr: `service:cpu_usage:ratio > ${belowAll(cpu)}`,
      for: '15m',
      severity: 'warning',
      summary: '{{ $labels.service }} is short of CPU',
      description: `It uses {{ $value | humanizePercentage }} of its limit; the objective is ${formatShare(cpu)}. At the limit it is slowed down.`,
      proof: { bad: [busy(cores)], good: [busy(0)], at: '30m', labels: named, value: '100%' },
    },
  ];
}

function volumes({ model, monitoring }: Scene): Alert[] {
  const { disk } = model.observability.objectives;
  const labels = { job: 'tool/kubelet', namespace: monitoring.namespace, persistentvolumeclaim: 'data' };
  const own = `namespace=${quoted(monitoring.namespace)}`;
  const space = (used: number) => [
    series('kubelet_volume_stats_capacity_bytes', labels, '100x60'),
    series('kubelet_volume_stats_used_bytes', labels, `${used}x60`),
  ];
  const needed = model.database && !model.database.host;
  if (!needed && monitoring.services.every(each => each.service.volumes.length === 0)) return [];
  return [
    {
      alert: 'VolumeFull',
      expr: `${selector('kubelet_volume_stats_used_bytes', own)} / ${selector('kubelet_volume_stats_capacity_bytes', own)} > ${belowAll(disk)}`,
      for: '10m',
      severity: 'critical',
      summary: 'The volume {{ $labels.persistentvolumeclaim }} is nearly full',
      description: `{{ $value | humanizePercentage }} of it is used; the objective is ${formatShare(disk)}.`,
      proof: { bad: space(100), good: space(1), at: '30m', labels, value: '100%' },
    },
  ];
}
