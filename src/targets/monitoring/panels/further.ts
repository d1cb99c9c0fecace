import type { FurtherMetric } from '../../../model/metrics.ts';
import { familyServices, ofFamily, rateOf } from '../families.ts';
import type { Scene } from '../rule.ts';
import { OWN, type Panel } from './panel.ts';

/** What the family has that no alert asks for: its tools, its agents, its gRPC. */
export const furtherPanels = (scene: Scene): Panel[] =>
  familyServices(scene).length === 0
    ? []
    : scene.monitoring.names.further.map(metric => ({
        title: metric.title,
        unit: UNITS[metric.kind],
        queries: [[query(scene, metric), metric.labels.map(label => `{{${label}}}`).join(' ')]],
      }));

const UNITS = { counter: 'reqps', histogram: 's', gauge: 'short' } as const;

function query(scene: Scene, { name, kind, labels }: FurtherMetric): string {
  if (kind === 'gauge') return `sum by (${labels.join(', ')}) (${ofFamily(scene, name, OWN)})`;
  if (kind === 'counter') return rateOf(ofFamily(scene, name, OWN), '5m', labels.join(', '));
  const buckets = rateOf(ofFamily(scene, `${name}_bucket`, OWN), '5m', ['le', ...labels].join(', '));
  return `histogram_quantile(0.95, ${buckets})`;
}
