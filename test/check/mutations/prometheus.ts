import type { Mutation } from './mutation.ts';

export const PROMETHEUS: readonly Mutation[] = [
  {
    rule: 'prometheus/bad-metrics',
    file: 'deploy/monitoring/prometheus.yml',
    from: 'metrics_path: /metrics',
    to: 'metrics_path: /health/live',
    also: ['cross/scrape-target'],
  },
  {
    rule: 'prometheus/never-fires',
    file: 'deploy/monitoring/prometheus.yml',
    from: 'scrape_timeout: 10s',
    to: 'scrape_timeout: 20s',
  },
  {
    rule: 'prometheus/never-fires',
    file: 'deploy/monitoring/alerts.yml',
    from: "(ai_requests_total{job='chatbot'}[5m])",
    to: "(ai_requests_total{job='chatbot'}[10s])",
  },
  {
    rule: 'prometheus/never-fires',
    file: 'deploy/monitoring/alerts.yml',
    from: 'expr: "up{job=\'chatbot\'} == 0"',
    to: 'expr: "up{job=\'chat\'} == 0"',
  },
  {
    rule: 'prometheus/no-rules',
    file: 'deploy/monitoring/prometheus.yml',
    from: 'rule_files: [alerts.yml]\n',
    to: '',
    at: { line: 'scrape_configs:' },
  },
  {
    rule: 'prometheus/no-rules',
    file: 'deploy/monitoring/prometheus.yml',
    from: /alerting:\n( {2}.*\n)*/,
    to: '',
    at: { line: 'rule_files:' },
  },
];
