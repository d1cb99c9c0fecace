import { containersOf } from './containers.ts';
import { familyServices, ofFamily, rateOf, withoutStreams } from './families.ts';
import { plain, type Recording, type Scene } from './rule.ts';

/** Series that alerts and the dashboard read, whatever the program calls its own. */
export function recordings(scene: Scene): Recording[] {
  return [...traffic(scene), ...latencies(scene), ...tokens(scene), ...resources(scene)];
}

function traffic(scene: Scene): Recording[] {
  if (familyServices(scene).length === 0) return [];
  const { requests, active } = scene.monitoring.names;
  return [
    ...(requests
      ? [{ record: 'service:requests:rate5m', expr: rateOf(ofFamily(scene, requests), '5m') }]
      : []),
    ...(active
      ? [{ record: 'service:active_requests:sum', expr: `sum by (service) (${ofFamily(scene, active)})` }]
      : []),
  ];
}

function latencies(scene: Scene): Recording[] {
  const { duration } = scene.monitoring.names;
  if (!duration || familyServices(scene).length === 0) return [];
  const buckets = rateOf(
    ofFamily(scene, `${duration}_bucket`, ...withoutStreams(scene)),
    '5m',
    'service, le',
  );
  return [50, 95, 99].map(percent => ({
    record: `service:latency_seconds:p${percent}_5m`,
    expr: `histogram_quantile(${percent / 100}, ${buckets})`,
  }));
}

function tokens(scene: Scene): Recording[] {
  const { tokens: name, direction } = scene.monitoring.names;
  if (!name || familyServices(scene).length === 0) return [];
  return ['5m', '1h'].map(window => {
    const rate = rateOf(ofFamily(scene, name), window, `service, ${direction}`);
    return {
      record: `service:tokens:rate${window}`,
      expr:
        direction === 'direction'
          ? rate
          : `sum by (service, direction) (label_replace(${rate}, 'direction', '$1', '${direction}', '(.*)'))`,
    };
  });
}

/** Shares of what each service may have, by its fullest copy. */
function resources(scene: Scene): Recording[] {
  if (scene.monitoring.platform === 'outside') return [];
  return scene.monitoring.services.flatMap(({ service }) => {
    const labels = { service: service.unit };
    const { memory, cpu } = service.capacity;
    const used = containersOf(scene, service, 'container_memory_working_set_bytes');
    const busy = containersOf(scene, service, 'container_cpu_usage_seconds_total');
    const each = 'sum by (instance, id, name, pod)';
    return [
      { record: 'service:memory_usage:ratio', expr: `max(${each} (${used})) / ${memory.limit}`, labels },
      {
        record: 'service:cpu_usage:ratio',
        expr: `max(${each} (rate(${busy}[5m]))) / ${plain(cpu.limit / 1_000)}`,
        labels,
      },
    ];
  });
}
