import type { ProbeResult, Verification } from '../../verify/verification.ts';
import { line } from '../plain.ts';
import { STATUSES } from './words.ts';

const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;

type Labels = Readonly<Record<string, string>>;
interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** For node_exporter's textfile collector, or a Pushgateway: the last verification as gauges. */
export function prometheusReport(verification: Verification): string {
  const { target, verdict, probes, startedAt, durationMs } = verification;
  const one = (value: number): Sample[] => [{ labels: { target }, value }];
  const each = (value: (probe: ProbeResult) => Sample[]) => probes.flatMap(value);
  const labels = ({ id }: ProbeResult): Labels => ({ target, probe: id });
  return [
    family(
      'verdict',
      'What the last verification came to: 1 for one of pass, fail and inconclusive.',
      VERDICTS.map(each => ({ labels: { target, verdict: each }, value: Number(each === verdict) })),
    ),
    family('last_run_timestamp_seconds', 'When it ended.', one((Date.parse(startedAt) + durationMs) / 1_000)),
    family('duration_seconds', 'How long it took.', one(durationMs / 1_000)),
    family(
      'probe_status',
      'How a probe ended: 1 for one of its statuses.',
      each(probe =>
        STATUSES.map(status => ({
          labels: { ...labels(probe), status },
          value: Number(status === probe.status),
        })),
      ),
    ),
    family(
      'probe_duration_seconds',
      'How long a probe took.',
      each(probe => [{ labels: labels(probe), value: probe.durationMs / 1_000 }]),
    ),
    family(
      'latency_seconds',
      'Latency of the sampled requests.',
      each(probe => latency(labels(probe), probe)),
    ),
    family(
      'first_event_seconds',
      'From a request to the first event of its stream.',
      each(({ detail, ...probe }) =>
        detail?.stream?.first === undefined
          ? []
          : [{ labels: labels(probe), value: detail.stream.first / 1_000 }],
      ),
    ),
    family(
      'certificate_expiry_timestamp_seconds',
      'When the certificate expires.',
      each(({ detail, ...probe }) => {
        const [own] = detail?.tls?.chain ?? [];
        return own ? [{ labels: labels(probe), value: Date.parse(own.to) / 1_000 }] : [];
      }),
    ),
  ].join('');
}

const PERCENTILES = { '0.5': 'p50', '0.9': 'p90', '0.95': 'p95', '0.99': 'p99' } as const;

const latency = (labels: Labels, { detail }: ProbeResult): Sample[] => {
  const measured = detail?.latency;
  if (!measured) return [];
  return Object.entries(PERCENTILES).map(([percentile, name]) => ({
    labels: { ...labels, percentile },
    value: measured[name] / 1_000,
  }));
};

function family(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const full = `aideploy_verify_${name}`;
  const lines = samples.map(({ labels, value }) => `${full}{${labelsText(labels)}} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
}

const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${line(value).replaceAll(/[\\"]/g, '\\$&')}"`)
    .join(',');
