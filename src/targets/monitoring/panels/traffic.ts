import { familyServices, ofFamily } from '../families.ts';
import { quoted, type Scene } from '../rule.ts';
import { OWN, type Panel } from './panel.ts';

export function trafficPanels(scene: Scene): Panel[] {
  if (familyServices(scene).length === 0) return [];
  const { names } = scene.monitoring;
  const { objectives } = scene.model.observability;
  const panels: (Panel | false | undefined)[] = [
    names.requests !== undefined && {
      title: 'Requests a second',
      unit: 'reqps',
      queries: [[`service:requests:rate5m{${OWN}}`, '{{service}}']],
    },
    names.errors !== undefined && {
      title: 'Errors a second, by kind',
      unit: 'reqps',
      queries: [
        [
          `sum by (${names.errorKind}) (rate(${ofFamily(scene, names.errors, OWN)}[5m]))`,
          `{{${names.errorKind}}}`,
        ],
      ],
    },
    names.duration !== undefined && {
      title: 'Latency, streams left out',
      unit: 's',
      limit: objectives.latencyP95 / 1_000,
      queries: [50, 95, 99].map(percent => [
        `service:latency_seconds:p${percent}_5m{${OWN}}`,
        `{{service}} p${percent}`,
      ]),
    },
    names.active !== undefined && {
      title: 'Requests in flight',
      unit: 'short',
      queries: [[`service:active_requests:sum{${OWN}}`, '{{service}}']],
    },
    names.active !== undefined && saturation(scene, names.active),
    names.tokens !== undefined && {
      title: 'Tokens a second',
      unit: 'short',
      queries: [[`service:tokens:rate5m{${OWN}}`, '{{service}} {{direction}}']],
    },
    names.tokens !== undefined && cost(scene),
  ];
  return panels.filter(panel => panel !== undefined && panel !== false);
}

/** Of what each copy takes at once. */
function saturation(scene: Scene, active: string): Panel | undefined {
  const limited = familyServices(scene).filter(service => service.limits.concurrency);
  if (limited.length === 0) return undefined;
  return {
    title: 'Saturation',
    unit: 'percentunit',
    limit: 0.9,
    queries: limited.map(({ unit, limits }) => [
      `${active}{job=${quoted(unit)}, ${OWN}} / ${limits.concurrency}`,
      '{{service}} {{instance}}',
    ]),
  };
}

function cost({ model }: Scene): Panel | undefined {
  const { cost: price } = model.observability;
  if (!price) return undefined;
  const of = (direction: string, each: number) =>
    `(sum(service:tokens:rate1h{direction='${direction}', ${OWN}}) or vector(0)) * ${each}`;
  return {
    title: `Cost an hour, ${price.currency}`,
    unit: 'short',
    queries: [
      [`(${of('input', price.input)} + ${of('output', price.output)}) * 3600 / 1000000`, price.currency],
    ],
  };
}
