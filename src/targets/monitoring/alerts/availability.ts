import { formatShare } from '../../../config/schema/scalars.ts';
import { countsErrors, errorRatio, healthProbed, publiclyProbed } from '../error-ratios.ts';
import { familyServices, proofLabels } from '../families.ts';
import { type Alert, type Proof, plain, type Scene, series } from '../rule.ts';

/** A month's budget is gone in two days, in five, in a month: https://sre.google/workbook/alerting-on-slos/ */
const FAST = 14.4;
const SLOW = 6;
const STEADY = 1;
/** However much may fail by the objective, half of everything is an outage. */
const OUTAGE = 0.5;

export function availabilityAlerts(scene: Scene): Alert[] {
  const { availability, errorRate } = scene.model.observability.objectives;
  const budget = 1 - availability;
  const objective = formatShare(availability);
  const over = (burn: number) => plain(Math.min(burn * budget, OUTAGE));
  const both = (
    long: Parameters<typeof errorRatio>[0],
    short: Parameters<typeof errorRatio>[0],
    burn: number,
  ) => `(${errorRatio(long)} > ${over(burn)} and ${errorRatio(short)} > ${over(burn)})`;
  const summary = '{{ $labels.service }} fails too often for its objective';
  const now = `{{ $labels.service }} failed {{ $value | humanizePercentage }} of its requests`;
  return [
    {
      alert: 'ErrorBudgetBurnsFast',
      expr: both('1h', '5m', FAST),
      for: '2m',
      severity: 'critical',
      summary,
      description: `${now} in the last hour; the objective is ${objective}. The month's budget lasts two days at this pace.`,
      proof: failures(scene, '30m'),
    },
    {
      alert: 'ErrorBudgetBurnsSlowly',
      expr: `${both('6h', '30m', SLOW)} or ${both('3d', '6h', STEADY)}`,
      for: '15m',
      severity: 'warning',
      summary,
      description: `${now} in the last hours; the objective is ${objective}. The month will not keep it at this pace.`,
      proof: failures(scene, '60m'),
    },
    ...(countsErrors(scene)
      ? [
          {
            alert: 'ErrorRateHigh' as const,
            expr: `${errorRatio('5m')} > ${plain(Math.min(errorRate, OUTAGE))}`,
            for: '10m',
            severity: 'warning' as const,
            summary: '{{ $labels.service }} answers too many requests with an error',
            description: `${now} in the last five minutes; ${formatShare(errorRate)} is accepted.`,
            proof: failures(scene, '30m'),
          },
        ]
      : []),
  ];
}

/** Three of four requests fail; or all probes, where nothing counts requests. */
function failures(scene: Scene, at: string): Proof {
  const [service] = familyServices(scene);
  const { requests, failed, errors } = scene.monitoring.names;
  if (service && requests && countsErrors(scene)) {
    const labels = proofLabels(service);
    const status = /^\w+/.exec(failed ?? '')?.[0];
    const ok = series(requests, labels, '0+50x90');
    const bad = status
      ? [ok, series(requests, { ...labels, [status]: '500' }, '0+150x90')]
      : [series(requests, labels, '0+200x90'), series(errors ?? '', labels, '0+150x90')];
    return { bad, good: [ok], at, labels: { service: service.unit }, value: '75%' };
  }
  const [inside] = healthProbed(scene);
  const unit = inside ?? publiclyProbed(scene)[0] ?? '';
  const probe = { probe: inside ? 'health' : 'public', service: unit, instance: 'one' };
  return {
    bad: [series('probe_success', probe, '0x90')],
    good: [series('probe_success', probe, '1x90')],
    at,
    labels: { service: unit },
    value: '100%',
  };
}
