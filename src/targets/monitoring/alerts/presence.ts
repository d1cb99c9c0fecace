import { type Alert, anyOf, quoted, type Scene, selector, series } from '../rule.ts';

/** What is not there at all: services, their metrics, the tools themselves. */
export function presenceAlerts(scene: Scene): Alert[] {
  return [...down(scene), ...absent(scene), ...tools(scene)];
}

const watchedUnits = ({ monitoring }: Scene): string[] =>
  monitoring.services
    .filter(
      each =>
        each.scraped.length > 0 ||
        (monitoring.platform === 'kubernetes' && each.service.metrics !== undefined),
    )
    .map(each => each.service.unit);

function down(scene: Scene): Alert[] {
  const { monitoring } = scene;
  const text = { for: '2m', severity: 'critical', summary: '{{ $labels.service }} is down' } as const;
  if (monitoring.platform === 'kubernetes') {
    const units = monitoring.services.map(each => each.service.unit);
    const available = (kind: string, metric: string) =>
      `label_replace(${selector(metric, `namespace=${quoted(monitoring.namespace)}`, anyOf(kind, units))} == 0, 'service', '$1', '${kind}', '(.*)')`;
    const labels = { namespace: monitoring.namespace, deployment: units[0] ?? '' };
    const metric = 'kube_deployment_status_replicas_available';
    return [
      {
        alert: 'ServiceDown',
        expr: `${available('deployment', metric)} or ${available('statefulset', 'kube_statefulset_status_replicas_ready')}`,
        ...text,
        description: 'Not one of its pods is ready.',
        proof: {
          bad: [series(metric, labels, '0x20')],
          good: [series(metric, labels, '1x20')],
          at: '5m',
          labels: { ...labels, service: units[0] ?? '' },
        },
      },
    ];
  }
  const [unit] = watchedUnits(scene);
  if (unit === undefined) return [];
  const labels = { job: unit, service: unit, instance: 'one' };
  return [
    {
      alert: 'ServiceDown',
      expr: `${selector('up', anyOf('job', watchedUnits(scene)))} == 0`,
      ...text,
      description: '{{ $labels.instance }} does not answer when it is asked for its metrics.',
      proof: {
        bad: [series('up', labels, '0x20')],
        good: [series('up', labels, '1x20')],
        at: '5m',
        labels,
      },
    },
  ];
}

function absent(scene: Scene): Alert[] {
  const units = watchedUnits(scene);
  const others = (unit: string) =>
    ['another', ...units.filter(each => each !== unit)].map(job => series('up', { job }, '1x20'));
  return units.map(unit => ({
    alert: 'MetricsAbsent',
    expr: `absent(up{job=${quoted(unit)}})`,
    for: '5m',
    severity: 'critical',
    labels: { service: unit },
    summary: `Nothing is known of ${unit}`,
    description: 'Prometheus has no target for it: it was not deployed, or under another name.',
    proof: {
      bad: others(unit),
      good: [...others(unit), series('up', { job: unit }, '1x20')],
      at: '10m',
      labels: { job: unit, service: unit },
    },
  }));
}

function tools(_: Scene): Alert[] {
  const labels = { job: 'tool/alertmanager', instance: 'one' };
  return [
    {
      alert: 'ExporterDown',
      expr: `up{job=~'(tool|probe)/.*'} == 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.job }} does not answer Prometheus',
      description:
        '{{ $labels.instance }} is down: what it measures is not watched, and its alerts cannot fire.',
      proof: {
        bad: [series('up', labels, '0x20')],
        good: [series('up', labels, '1x20')],
        at: '10m',
        labels,
      },
    },
  ];
}
