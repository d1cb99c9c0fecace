import { alertAnchor } from '../../model/alerts.ts';
import { availabilityAlerts } from './alerts/availability.ts';
import { backupAlerts } from './alerts/backup.ts';
import { databaseAlerts } from './alerts/database.ts';
import { hostAlerts } from './alerts/host.ts';
import { presenceAlerts } from './alerts/presence.ts';
import { probeAlerts } from './alerts/probes.ts';
import { resourceAlerts } from './alerts/resources.ts';
import { restartAlerts } from './alerts/restarts.ts';
import { spendingAlerts } from './alerts/spending.ts';
import { trafficAlerts } from './alerts/traffic.ts';
import { errorRatios } from './error-ratios.ts';
import { recordings } from './recordings.ts';
import type { Alert, Proof, Recording, Scene } from './rule.ts';

const RUNBOOK = 'deploy/RUNBOOK.md';

export function alerts(scene: Scene): Alert[] {
  const ratios = errorRatios(scene).length > 0 ? availabilityAlerts(scene) : [];
  return [
    ...presenceAlerts(scene),
    ...probeAlerts(scene),
    ...restartAlerts(scene),
    ...ratios,
    ...trafficAlerts(scene),
    ...spendingAlerts(scene),
    ...resourceAlerts(scene),
    ...hostAlerts(scene),
    ...databaseAlerts(scene),
    ...backupAlerts(scene),
  ];
}

/** The groups of alerts.yml; windows of days need not be summed up every few seconds. */
export function groups(scene: Scene): object[] {
  const { name } = scene.model;
  return [
    { name: `${name}-recordings`, rules: recordings(scene).map(recordingRule) },
    { name: `${name}-error-ratios`, rules: errorRatios(scene, ['5m', '30m', '1h']).map(recordingRule) },
    {
      name: `${name}-long-error-ratios`,
      interval: '5m',
      rules: errorRatios(scene, ['6h', '3d']).map(recordingRule),
    },
    { name: `${name}-alerts`, rules: alerts(scene).map(alertRule) },
  ].filter(group => group.rules.length > 0);
}

const recordingRule = ({ record, expr, labels }: Recording): object => ({ record, expr, labels });

const alertRule = (alert: Alert): object => ({
  alert: alert.alert,
  expr: alert.expr,
  for: alert.for,
  labels: { severity: alert.severity, ...alert.labels },
  annotations: annotations(alert, text => text),
});

const annotations = (alert: Alert, read: (text: string) => string): object => ({
  summary: read(alert.summary),
  description: read(alert.description),
  runbook_url: `${RUNBOOK}#${alertAnchor(alert.alert)}`,
});

/** promtool's tests: each alert fires on its bad samples, and on its good ones it does not. */
export function ruleTests(scene: Scene): object[] {
  return alerts(scene).flatMap(alert => {
    const { bad, good, at, labels } = alert.proof;
    const expected = {
      exp_labels: { severity: alert.severity, ...labels },
      exp_annotations: annotations(alert, text => asRead(text, alert.proof)),
    };
    const test = (title: string, samples: Proof['bad'], found: readonly object[]) => ({
      name: `${alert.alert} ${title}`,
      interval: '1m',
      input_series: samples,
      alert_rule_test: [{ eval_time: at, alertname: alert.alert, exp_alerts: found }],
    });
    return [test('fires', bad, [expected]), test('is silent', good, [])];
  });
}

/** A text as Prometheus fills it in. */
const asRead = (text: string, { labels, value }: Proof): string =>
  text
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? '')
    .replaceAll(/\{\{ \$value .*?\}\}/g, value ?? '');
