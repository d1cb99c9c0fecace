import type { Artifact } from '../../artifacts/artifact.ts';
import type { Model } from '../../model/model.ts';
import { monitoringOf } from '../../model/monitoring.ts';
import type { Engine } from '../../render/engine.ts';
import type { Target } from '../target.ts';
import { inhibitions, receiver, webhookFile } from './alertmanager.ts';
import { blackboxModules } from './blackbox.ts';
import { collectorView } from './collector.ts';
import { dashboardView } from './dashboard.ts';
import type { Scene } from './rule.ts';
import { groups, ruleTests } from './rules.ts';
import { jobsOf } from './scrape.ts';

export const monitoring: Target = {
  id: 'monitoring',
  title: 'Prometheus, alerts and their tests, Alertmanager, probes, a Grafana dashboard, a collector',
  applies: model => model.targets.monitoring !== undefined,
  render: (model, engine) => {
    const scene: Scene = { model, monitoring: monitoringOf(model) };
    return [
      ...files(scene, engine),
      ...(Object.keys(blackboxModules(scene.monitoring)).length > 0
        ? [artifact(engine, 'blackbox.yml', { modules: blackboxModules(scene.monitoring) })]
        : []),
      ...(model.observability.otel?.collector
        ? [artifact(engine, 'otel-collector.yaml', collectorView(model))]
        : []),
    ];
  },
};

const files = (scene: Scene, engine: Engine): Artifact[] => [
  artifact(engine, 'prometheus.yml', prometheusView(scene)),
  artifact(engine, 'alerts.yml', { groups: groups(scene) }),
  artifact(engine, 'alerts.test.yml', { tests: ruleTests(scene) }),
  artifact(engine, 'alertmanager.yml', alertmanagerView(scene.model)),
  artifact(engine, 'dashboard.json', dashboardView(scene)),
];

const artifact = (engine: Engine, file: string, view: object): Artifact => ({
  path: `deploy/monitoring/${file}`,
  content: engine.render(`monitoring/${file}`, view),
  target: monitoring.id,
});

const prometheusView = ({ model, monitoring: watch }: Scene): object => ({
  name: model.name,
  environment: model.environment,
  platform: watch.platform,
  network: `${model.name}_default`,
  listen: watch.tools.prometheus,
  alertmanager: watch.tools.alertmanager,
  jobs: jobsOf(model, watch),
});

const alertmanagerView = (model: Model): object => {
  const { slack } = model.observability.notify;
  return {
    secret: slack,
    file: slack && webhookFile(slack),
    receiver: receiver(model),
    receiverName: slack ? 'slack' : 'nobody',
    inhibitions: inhibitions(),
  };
};
