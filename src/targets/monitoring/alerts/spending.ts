import { familyServices, ofFamily, proofLabels } from '../families.ts';
import { type Alert, plain, quoted, type Scene, series } from '../rule.ts';

export function spendingAlerts(scene: Scene): Alert[] {
  const [first] = familyServices(scene);
  return first ? spending(scene, proofLabels(first)) : [];
}

function spending(scene: Scene, labels: Readonly<Record<string, string>>): Alert[] {
  const { tokens, direction } = scene.monitoring.names;
  const { cost } = scene.model.observability;
  if (!tokens) return [];
  const input = { ...labels, [direction]: 'input' };
  const steady = series(tokens, input, '0+600x300');
  const surge: Alert = {
    alert: 'TokensSurge',
    expr: 'sum by (service) (service:tokens:rate1h) > 3 * sum by (service) (avg_over_time(service:tokens:rate1h[1d] offset 1h)) > 1',
    for: '30m',
    severity: 'warning',
    summary: '{{ $labels.service }} uses far more tokens than usual',
    description: 'The last hour used more than three times the average of the day before it.',
    proof: {
      bad: [series(tokens, input, '0+600x180 108000+60000x120')],
      good: [steady],
      at: '5h',
      labels: { service: labels['service'] ?? '' },
    },
  };
  if (cost?.perDay === undefined) return [surge];
  const used = (word: string) =>
    `(sum(increase(${ofFamily(scene, tokens, `${direction}=${quoted(word)}`)}[1d])) or vector(0))`;
  const perMinute = Math.ceil((cost.perDay * 1e6) / Math.max(cost.input, 0.01));
  return [
    surge,
    {
      alert: 'CostOverBudget',
      expr: `(${used('input')} * ${plain(cost.input)} + ${used('output')} * ${plain(cost.output)}) / 1000000 > ${plain(cost.perDay)}`,
      for: '5m',
      severity: 'warning',
      summary: 'Tokens cost more than their daily budget',
      description: `The last 24 hours cost more than ${plain(cost.perDay)} ${cost.currency}.`,
      proof: {
        bad: [series(tokens, input, `0+${perMinute}x60`)],
        good: [series(tokens, input, '0+0x60')],
        at: '30m',
        labels: {},
      },
    },
  ];
}
