import { familyServices, ofFamily, proofLabels, rateOf } from '../families.ts';
import { type Alert, plain, quoted, type Scene, selector, series } from '../rule.ts';

export function trafficAlerts(scene: Scene): Alert[] {
  const [first] = familyServices(scene);
  if (!first) return [];
  const labels = proofLabels(first);
  return [...latency(scene, labels), ...saturation(scene), ...silence(scene, labels)];
}

type Labels = Readonly<Record<string, string>>;
const named = (labels: Labels) => ({ service: labels['service'] ?? '' });

function latency(scene: Scene, labels: Labels): Alert[] {
  const { duration } = scene.monitoring.names;
  if (!duration) return [];
  const limit = scene.model.observability.objectives.latencyP95 / 1_000;
  const buckets = (within: string) => [
    series(`${duration}_bucket`, { ...labels, le: plain(limit) }, within),
    series(`${duration}_bucket`, { ...labels, le: plain(limit * 2) }, '0+60x60'),
    series(`${duration}_bucket`, { ...labels, le: '+Inf' }, '0+60x60'),
  ];
  return [
    {
      alert: 'LatencyHigh',
      expr: `service:latency_seconds:p95_5m > ${plain(limit)}`,
      for: '10m',
      severity: 'warning',
      summary: '{{ $labels.service }} is slow',
      description: `One request in twenty takes {{ $value | printf "%.2f" }} s or longer; the objective is ${plain(limit)} s. Streams are not counted.`,
      proof: {
        bad: buckets('0x60'),
        good: buckets('0+60x60'),
        at: '30m',
        labels: named(labels),
        value: (limit * 1.95).toFixed(2),
      },
    },
  ];
}

function saturation(scene: Scene): Alert[] {
  const { active } = scene.monitoring.names;
  if (!active) return [];
  return familyServices(scene).flatMap(service => {
    const { concurrency } = service.limits;
    if (!concurrency) return [];
    const labels = proofLabels(service);
    return [
      {
        alert: 'Saturated',
        expr: `max by (service, instance) (${selector(active, `job=${quoted(service.unit)}`)}) / ${concurrency} > 0.9`,
        for: '5m',
        severity: 'warning',
        summary: '{{ $labels.service }} is full',
        description: `{{ $labels.instance }} works on {{ $value | humanizePercentage }} of the ${concurrency} requests that it takes at once. Further ones wait or are refused.`,
        proof: {
          bad: [series(active, labels, `${concurrency}x30`)],
          good: [series(active, labels, `${concurrency / 2}x30`)],
          at: '15m',
          labels: { service: service.unit, instance: 'one' },
          value: '100%',
        },
      } satisfies Alert,
    ];
  });
}

function silence(scene: Scene, labels: Labels): Alert[] {
  const { requests } = scene.monitoring.names;
  if (!requests) return [];
  const vector = ofFamily(scene, requests);
  const yesterday = `sum by (service) (rate(${vector}[30m] offset 1d))`;
  return [
    {
      alert: 'NoTraffic',
      expr: `${rateOf(vector, '30m')} == 0 and ${yesterday} > 0.05`,
      for: '15m',
      severity: 'warning',
      summary: '{{ $labels.service }} gets no requests',
      description: 'Nothing arrived for half an hour, and yesterday at this time something did.',
      proof: {
        bad: [series(requests, labels, '0+60x1380 82800x120')],
        good: [series(requests, labels, '0+60x1500')],
        at: '25h',
        labels: named(labels),
      },
    },
  ];
}
