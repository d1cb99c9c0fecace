import type { Place } from '../../../artifacts/text.ts';
import { at, entryOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { clustersOf, titled } from '../../kubernetes/cluster.ts';
import { jobsOf } from '../../prometheus/jobs.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const badMetrics: Rule = {
  id: 'prometheus/bad-metrics',
  severity: ['error', 'info'],
  title: 'a scrape of a health path, or a label that grows with users',
  why: 'A health answer is no metrics: the target is down for ever. And each value of a label is a series of its own: with one for each user or raw path Prometheus runs out of memory.',
  fix: 'Scrape the path of the metrics; label by route, status and kind, and never by what callers choose.',
  fixable: 'no',
  example: { bad: 'metrics_path: /health', good: 'metrics_path: /metrics' },
  check: context => [...healthPaths(context), ...unboundedLabels(context)],
};

const HEALTH = /(?:^|\/)(?:health\w*|healthz|ready|readyz|readiness|live|livez|liveness|ping|status)\/?$/i;

function healthPaths(context: Context): Finding[] {
  const finding = (place: Place, who: string, path: string): Finding[] =>
    HEALTH.test(path)
      ? [{ at: place, message: `${who} scrapes ${path}, which by its name tells health and no metrics` }]
      : [];
  const written = (who: string, node: YamlNode | undefined): Finding[] =>
    node ? finding(placeOf(node), who, textOfNode(node) ?? '') : [];
  return [
    ...jobsOf(context)
      .filter(job => !job.probes)
      .flatMap(job => written(`the job ${job.name}`, at(job.node, 'metrics_path'))),
    ...clustersOf(context).flatMap(cluster => [
      ...['ServiceMonitor', 'PodMonitor']
        .flatMap(kind => cluster.of(kind))
        .flatMap(each =>
          ['endpoints', 'podMetricsEndpoints']
            .flatMap(key => itemsOf(at(each.root, 'spec', key)))
            .flatMap(endpoint => written(titled(each), at(endpoint, 'path'))),
        ),
      ...[
        ...cluster.of('Service').map(each => ({ each, node: each.root as YamlNode })),
        ...cluster.workloads.map(({ object, template }) => ({ each: object, node: template })),
      ].flatMap(({ each, node }) =>
        written(titled(each), entryOf(at(node, 'metadata', 'annotations'), 'prometheus.io/path')?.value),
      ),
    ]),
  ];
}

/** What callers choose, or what is new with each request. */
const UNBOUNDED =
  /^(?:user|user_?id|username|email|session|session_?id|request_?id|trace_?id|ip|client_ip|remote_addr|token|api_key|prompt|query|url|uri|raw_path|full_path|conversation_?id|message_?id)$/i;

const unboundedLabels = (context: Context): Finding[] =>
  context.of('metrics').flatMap(({ body, text }) =>
    body.flatMap(({ name, labels, start }): Finding[] => {
      const bad = labels.filter(label => UNBOUNDED.test(label));
      return bad.length > 0
        ? [
            {
              at: text.place(start),
              severity: 'info',
              message: `${name} has a series for each ${listed(bad)}`,
            },
          ]
        : [];
    }),
  );
