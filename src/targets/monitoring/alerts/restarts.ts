import { podsOf } from '../containers.ts';
import { type Alert, anyOf, quoted, regexLiteral, type Scene, selector, series } from '../rule.ts';

const TEXT = { alert: 'RestartLoop', for: '1m', severity: 'critical' } as const;
const DESCRIPTION =
  'It was started more than three times in a quarter of an hour: it ends soon after each start.';

/** Each platform counts starts in its own way. */
export function restartAlerts(scene: Scene): Alert[] {
  if (scene.monitoring.services.length === 0) return [];
  switch (scene.monitoring.platform) {
    case 'host':
      return units(scene);
    case 'compose':
      return [composeServices(scene)];
    case 'kubernetes':
      return [pods(scene)];
    default:
      return [];
  }
}

const first = ({ monitoring }: Scene) => ({
  unit: monitoring.services[0]?.service.unit ?? '',
  key: monitoring.services[0]?.service.key ?? '',
});

function counted(
  metric: string,
  matchers: readonly string[],
  labels: Record<string, string>,
  name: string,
): Alert {
  return {
    ...TEXT,
    expr: `increase(${selector(metric, ...matchers)}[15m]) > 3`,
    summary: `{{ $labels.${name} }} is restarted again and again`,
    description: DESCRIPTION,
    proof: {
      bad: [series(metric, labels, '0+1x40')],
      good: [series(metric, labels, '2x40')],
      at: '30m',
      labels,
    },
  };
}

function units(scene: Scene): Alert[] {
  const names = scene.monitoring.services.map(each => regexLiteral(each.service.unit)).join('|');
  // Of a unit and of the instances of its template.
  const own = `name=~${quoted(`(${names})(@[0-9]+)?\\.service`)}`;
  const labels = { name: `${first(scene).unit}.service` };
  const failed = { ...labels, state: 'failed' };
  return [
    counted('node_systemd_service_restart_total', [own], labels, 'name'),
    {
      alert: 'UnitFailed',
      expr: `node_systemd_unit_state{${own}, state='failed'} == 1`,
      for: '1m',
      severity: 'critical',
      summary: '{{ $labels.name }} has failed',
      description: 'systemd has given it up and starts it no more.',
      proof: {
        bad: [series('node_systemd_unit_state', failed, '1x20')],
        good: [series('node_systemd_unit_state', failed, '0x20')],
        at: '5m',
        labels: failed,
      },
    },
  ];
}

function pods(scene: Scene): Alert {
  const { namespace, services } = scene.monitoring;
  const { unit } = first(scene);
  const labels = { namespace, pod: `${unit}-5d9f7c8b6-x2x4z`, container: unit };
  const own = `pod=~${quoted(services.map(each => podsOf(each.service)).join('|'))}`;
  const matchers = [`namespace=${quoted(namespace)}`, own];
  return counted('kube_pod_container_status_restarts_total', matchers, labels, 'pod');
}

/** cAdvisor counts restarts in a label of the container: each value is another series. */
function composeServices(scene: Scene): Alert {
  const { model, monitoring } = scene;
  const by = 'container_label_com_docker_compose_service';
  const project = `container_label_com_docker_compose_project=${quoted(model.name)}`;
  const keys = monitoring.services.map(each => each.service.key);
  const seen = selector('container_last_seen', project, anyOf(by, keys));
  const labels = {
    container_label_com_docker_compose_project: model.name,
    [by]: first(scene).key,
    name: 'one',
  };
  const copy = (restarts: number, from: number) =>
    series(
      'container_last_seen',
      { ...labels, container_label_restartcount: String(restarts) },
      `_x${from} 1x40`,
    );
  return {
    ...TEXT,
    expr: `count by (${by}, name) (count by (${by}, name, container_label_restartcount) (last_over_time(${seen}[15m]))) > 4`,
    summary: `{{ $labels.${by} }} is restarted again and again`,
    description: DESCRIPTION,
    proof: {
      bad: [1, 2, 3, 4, 5].map(count => copy(count, count)),
      good: [copy(1, 1), copy(2, 4)],
      at: '15m',
      labels: { [by]: first(scene).key, name: 'one' },
    },
  };
}
