import type { Model } from '../../model/model.ts';

/** Where the webhook's URL is kept: a file that Alertmanager alone reads. */
export const webhookFile = (secret: string): string => `/etc/alertmanager/secrets/${secret}`;

export function receiver({ name, observability }: Model): object {
  const { slack } = observability.notify;
  if (!slack) return { name: 'nobody' };
  return {
    name: 'slack',
    slack_configs: [
      {
        api_url_file: webhookFile(slack),
        send_resolved: true,
        color:
          '{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}{{ else }}good{{ end }}',
        title: `${name}: {{ .CommonLabels.alertname }} {{ if eq .Status "firing" }}({{ .Alerts.Firing | len }}){{ else }}is over{{ end }}`,
        text: '{{ range .Alerts }}{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}',
      },
    ],
  };
}

/** What a cause says of its effects is not said twice. */
export const inhibitions = (): object[] => [
  {
    source_matchers: ['severity = critical'],
    target_matchers: ['severity = warning'],
    equal: ['alertname', 'service', 'instance'],
  },
  {
    source_matchers: ['alertname =~ "ServiceDown|MetricsAbsent"'],
    target_matchers: ['alertname =~ "ErrorBudget.*|ErrorRateHigh|LatencyHigh|NoTraffic|ProbeFailing"'],
    equal: ['service'],
  },
  {
    source_matchers: ['alertname = DiskFull'],
    target_matchers: ['alertname = DiskFillsSoon'],
    equal: ['instance', 'mountpoint'],
  },
  {
    source_matchers: ['alertname = BackupMissing'],
    target_matchers: ['alertname =~ "BackupOld|BackupFailed"'],
    equal: ['database'],
  },
];
