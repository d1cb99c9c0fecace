import { formatShare } from '../../../config/schema/scalars.ts';
import { type Alert, belowAll, type Scene, type Series, selector, series } from '../rule.ts';

export function hostAlerts(scene: Scene): Alert[] {
  const { platform } = scene.monitoring;
  return platform === 'host' || platform === 'compose' ? [...host(scene), ...disks(scene)] : [];
}

const HOST = { job: 'tool/node', instance: 'one' };

function host(scene: Scene): Alert[] {
  const { cpu, memory } = scene.model.observability.objectives;
  const free = (available: number): Series[] => [
    series('node_memory_MemTotal_bytes', HOST, '100x60'),
    series('node_memory_MemAvailable_bytes', HOST, `${available}x60`),
  ];
  const idle = (share: number) => [
    series('node_cpu_seconds_total', { ...HOST, cpu: '0', mode: 'idle' }, `0+${share * 60}x60`),
  ];
  return [
    {
      alert: 'HostMemoryHigh',
      expr: `1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > ${belowAll(memory)}`,
      for: '10m',
      severity: 'warning',
      summary: 'The host {{ $labels.instance }} is short of memory',
      description: `{{ $value | humanizePercentage }} of it is used; the objective is ${formatShare(memory)}.`,
      proof: { bad: free(0), good: free(99), at: '30m', labels: HOST, value: '100%' },
    },
    {
      alert: 'HostCpuHigh',
      expr: `1 - avg by (job, instance) (rate(node_cpu_seconds_total{mode='idle'}[5m])) > ${belowAll(cpu)}`,
      for: '15m',
      severity: 'warning',
      summary: 'The host {{ $labels.instance }} is short of CPU',
      description: `{{ $value | humanizePercentage }} of it is used; the objective is ${formatShare(cpu)}.`,
      proof: { bad: idle(0), good: idle(1), at: '30m', labels: HOST, value: '100%' },
    },
  ];
}

/** What holds no files of ours is left out. */
const FILES = `fstype!~'tmpfs|ramfs|overlay|squashfs|iso9660|fuse.*'`;

function disks(scene: Scene): Alert[] {
  const { disk } = scene.model.observability.objectives;
  const labels = { ...HOST, device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };
  const available = selector('node_filesystem_avail_bytes', FILES);
  const share = `${available} / ${selector('node_filesystem_size_bytes', FILES)}`;
  const space = (free: string) => [
    series('node_filesystem_size_bytes', labels, '1000000x600'),
    series('node_filesystem_avail_bytes', labels, free),
  ];
  return [
    {
      alert: 'DiskFull',
      expr: `1 - ${share} > ${belowAll(disk)}`,
      for: '10m',
      severity: 'critical',
      summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} is nearly full',
      description: `{{ $value | humanizePercentage }} of it is used; the objective is ${formatShare(disk)}.`,
      proof: { bad: space('0x60'), good: space('990000x60'), at: '30m', labels, value: '100%' },
    },
    {
      alert: 'DiskFillsSoon',
      expr: `predict_linear(${available}[6h], 86400) < 0 and ${share} < 0.5`,
      for: '1h',
      severity: 'warning',
      summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} will be full within a day',
      description: 'It fills as fast as it did for the last six hours.',
      proof: { bad: space('490000-1000x400'), good: space('490000x400'), at: '6h', labels },
    },
  ];
}
