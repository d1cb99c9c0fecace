import { errorRatio, errorRatios } from './error-ratios.ts';
import { furtherPanels } from './panels/further.ts';
import { OWN, type Panel } from './panels/panel.ts';
import { databasePanels, resourcePanels } from './panels/resources.ts';
import { trafficPanels } from './panels/traffic.ts';
import type { Scene } from './rule.ts';

const WIDTH = 24;
const HEIGHT = 8;

export function dashboardView(scene: Scene): object {
  const { model } = scene;
  const environment = model.environment === undefined ? '' : `-${model.environment}`;
  return {
    // Grafana allows 40 characters.
    uid: `aideploy-${model.name}${environment}`.slice(0, 40),
    title: `${model.name}${environment ? ` (${model.environment})` : ''}`,
    tags: ['aideploy', model.name],
    services: `label_values({__name__=~'up|probe_success', service!=''}, service)`,
    panels: laidOut([
      ...overview(scene),
      ...trafficPanels(scene),
      ...furtherPanels(scene),
      ...resourcePanels(scene),
      ...databasePanels(scene),
    ]),
  };
}

function overview(scene: Scene): Panel[] {
  const { availability } = scene.model.observability.objectives;
  const ratios = errorRatios(scene).length > 0;
  const { services, platform } = scene.monitoring;
  const probed = services.some(each => each.probes.length + each.grpc.length > 0 || each.publicProbe);
  const scraped = services.some(each => each.scraped.length > 0) || platform === 'kubernetes';
  return [
    {
      title: 'Up',
      unit: 'short',
      queries: [
        ...(scraped ? [[`up{${OWN}, job!~'probe/.*'}`, '{{service}} {{instance}}'] as const] : []),
        ...(probed ? [[`probe_success{${OWN}}`, '{{service}} {{probe}}'] as const] : []),
      ],
    },
    ...(ratios
      ? [
          {
            title: 'Failed, share',
            unit: 'percentunit',
            limit: 1 - availability,
            description: 'The line is what the objective of availability leaves.',
            queries: [
              [`${errorRatio('5m')}{${OWN}}`, '{{service}} 5 m'],
              [`${errorRatio('1h')}{${OWN}}`, '{{service}} 1 h'],
              [`${errorRatio('3d')}{${OWN}}`, '{{service}} 3 d'],
            ] as const,
          },
        ]
      : []),
  ];
}

/** Two in a row. */
const laidOut = (panels: readonly Panel[]): object[] =>
  panels.map((panel, index) => ({
    id: index + 1,
    type: 'timeseries',
    title: panel.title,
    description: panel.description,
    gridPos: { x: (index % 2) * (WIDTH / 2), y: Math.floor(index / 2) * HEIGHT, w: WIDTH / 2, h: HEIGHT },
    datasource: { type: 'prometheus', uid: '${datasource}' },
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        min: 0,
        custom: {
          fillOpacity: 10,
          showPoints: 'never',
          thresholdsStyle: { mode: panel.limit === undefined ? 'off' : 'line' },
        },
        thresholds: {
          mode: 'absolute',
          steps: [
            { color: 'green', value: null },
            ...(panel.limit === undefined
              ? []
              : [{ color: 'red', value: Number(panel.limit.toPrecision(6)) }]),
          ],
        },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: panel.queries.map(([expr, legendFormat], target) => ({
      refId: String.fromCharCode(65 + target),
      datasource: { type: 'prometheus', uid: '${datasource}' },
      expr,
      legendFormat,
      range: true,
    })),
  }));
