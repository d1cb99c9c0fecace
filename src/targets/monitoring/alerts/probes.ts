import { type Alert, type Scene, series } from '../rule.ts';

export function probeAlerts({ monitoring }: Scene): Alert[] {
  const probed = monitoring.services.find(
    each => each.probes.length + each.grpc.length > 0 || each.publicProbe,
  );
  const labels = { job: 'probe/any', probe: 'any', service: probed?.service.unit ?? '', instance: 'one' };
  const failing: Alert = {
    alert: 'ProbeFailing',
    expr: `probe_success{job=~'probe/.*'} == 0`,
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.service }} does not answer its {{ $labels.probe }} probe',
    description: '{{ $labels.instance }} gave no good answer for two minutes.',
    proof: {
      bad: [series('probe_success', labels, '0x20')],
      good: [series('probe_success', labels, '1x20')],
      at: '5m',
      labels,
    },
  };
  return [
    ...(probed ? [failing] : []),
    ...certificates(monitoring.services.find(each => each.publicProbe)?.service.unit),
  ];
}

const DAY = 86_400;

function certificates(unit: string | undefined): Alert[] {
  if (unit === undefined) return [];
  const labels = { job: 'probe/public', probe: 'public', service: unit, instance: 'one' };
  const left = `probe_ssl_earliest_cert_expiry{job='probe/public'} - time()`;
  const alert = (severity: Alert['severity'], expr: string, days: number): Alert => ({
    alert: 'CertificateExpires',
    expr,
    for: '1h',
    severity,
    summary: 'The certificate of {{ $labels.instance }} expires',
    description:
      'It is valid for another {{ $value | humanizeDuration }}: its renewal has failed or was never set up.',
    proof: {
      bad: [series('probe_ssl_earliest_cert_expiry', labels, `${days * DAY + 7_200}x150`)],
      good: [series('probe_ssl_earliest_cert_expiry', labels, `${60 * DAY}x150`)],
      at: '2h',
      labels,
      value: `${days}d 0h 0m 0s`,
    },
  });
  return [
    alert('critical', `${left} < 3 * ${DAY}`, 2),
    alert('warning', `${left} < 14 * ${DAY} and ${left} >= 3 * ${DAY}`, 10),
  ];
}
