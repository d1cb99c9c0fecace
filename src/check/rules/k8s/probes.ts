import { factsOf } from '../../../artifacts/fact.ts';
import { at, entryOf, numberOf, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import type { Context, Member } from '../../context.ts';
import { membersOf } from '../../knowledge.ts';
import { clustersOf, titled, type Workload } from '../../kubernetes/cluster.ts';
import { isDeepPath } from '../../kubernetes/health-paths.ts';
import { membersAt } from '../../kubernetes/pods.ts';
import { behind, servedBy } from '../../kubernetes/services.ts';
import type { Finding, Rule } from '../../rule.ts';
import { duration, listed } from '../../words.ts';
import { lineAbove } from '../../yaml-lines.ts';

export const probes: Rule = {
  id: 'k8s/probes',
  severity: 'warning',
  title: 'a served container that is asked too little, or too impatiently',
  why: 'Without a readiness probe requests are sent to a pod that still starts; without a liveness probe one that hangs is never restarted. A timeout left at 1 s takes a pod out for one slow query, and a liveness probe that is shorter than the start restarts it for ever.',
  fix: 'Give each served container a readiness and a liveness probe, timeouts above what the check needs, and a startupProbe that allows for the whole start.',
  fixable: 'safe',
  example: {
    bad: 'readinessProbe: {httpGet: {path: /ready, port: http}}',
    good: 'readinessProbe: {httpGet: {path: /ready, port: http}, timeoutSeconds: 3}',
  },
  check: context =>
    clustersOf(context).flatMap(cluster => {
      const served = new Map<YamlNode, Workload>();
      for (const service of cluster.of('Service'))
        for (const workload of behind(cluster, service))
          if (workload.longRunning)
            for (const each of servedBy(workload, service)) served.set(each, workload);
      return [...served].flatMap(([container, workload]) => [
        ...absent(container, workload, served),
        ...impatient(context, container, workload),
        ...shorterThanStart(context, container, workload),
      ]);
    }),
};

const nameOf = (container: YamlNode, { object }: Workload): string =>
  `${textOfNode(at(container, 'name')) ?? 'a container'} of ${titled(object)}`;

function absent(container: YamlNode, workload: Workload, served: ReadonlyMap<YamlNode, Workload>): Finding[] {
  if (workload.containers.find(each => served.has(each)) !== container) return [];
  // Beside one that is asked, a container may be a part of it.
  const missing = ['readinessProbe', 'livenessProbe'].filter(
    key => !workload.containers.some(each => at(each, key)),
  );
  if (missing.length === 0) return [];
  const message = `${nameOf(container, workload)} is served and has no ${listed(missing).replace(' and ', ' and no ')}`;
  return [{ at: placeOf(container), message }];
}

/** Variables that say where something else is that a request, or a check, has to ask. */
const DEPENDENCY =
  /(?:^|_)(?:DATABASE|DB|POSTGRES|PG|MYSQL|REDIS|MONGO\w*|QDRANT|AMQP|KAFKA)\w*_(?:URL|URI|DSN|HOST)$|^PGHOST$/;

function impatient(context: Context, container: YamlNode, workload: Workload): Finding[] {
  const dependency = membersAt(context, container)
    .flatMap(member => factsOf(member, 'env'))
    .find(({ value }) => DEPENDENCY.test(value.name));
  if (!dependency) return [];
  return ['readinessProbe', 'livenessProbe'].flatMap((key): Finding[] => {
    const probe = at(container, key);
    const path = textOfNode(at(probe, 'httpGet', 'path'));
    if (!probe || !path || !isDeepPath(path) || (numberOf(at(probe, 'timeoutSeconds')) ?? 1) > 1) return [];
    const written = at(probe, 'timeoutSeconds');
    return [
      {
        at: placeOf(written ?? entryOf(container, key)?.key ?? probe),
        message: `the ${key} of ${nameOf(container, workload)} waits 1 s${written ? '' : ' (timeoutSeconds, default 1 s)'} for ${path}, which asks dependencies`,
        related: [{ ...dependency.at, message: `${dependency.value.name} names one` }],
        edits: written
          ? [written.text.edit(written.start, written.end, '3')]
          : lineAbove(entryOf(probe, 'httpGet'), 'timeoutSeconds: 3'),
      },
    ];
  });
}

function shorterThanStart(context: Context, container: YamlNode, workload: Workload): Finding[] {
  const probe = at(container, 'livenessProbe');
  if (!probe || at(container, 'startupProbe')) return [];
  const number = (key: string, otherwise: number) => numberOf(at(probe, key)) ?? otherwise;
  // https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
  const budget =
    (number('initialDelaySeconds', 0) + number('periodSeconds', 10) * number('failureThreshold', 3)) * 1_000;
  const start = membersAt(context, container)
    .flatMap(member => startOf(context, member))
    .find(each => each.time > budget);
  if (!start) return [];
  const message = `${nameOf(container, workload)} is restarted when it does not answer for ${duration(budget)}, and may need ${duration(start.time)} to start`;
  return [{ at: placeOf(probe), message, related: [{ ...start.at, message: start.said }] }];
}

/** What its configuration or another platform allows the service to start. */
function startOf(context: Context, member: Member): { time: number; at: Member['at']; said: string }[] {
  return membersOf(context, member).flatMap(each => {
    const service =
      each.platform === 'config' ? context.model?.services.find(({ unit }) => unit === each.name) : undefined;
    if (service) return [{ time: service.timing.startup, at: each.at, said: 'timeouts.startup' }];
    return each.platform === 'kubernetes'
      ? []
      : factsOf(each, 'health').flatMap(({ value, at: place }) =>
          value.delay
            ? [{ time: value.delay, at: place, said: `start period ${duration(value.delay)}` }]
            : [],
        );
  });
}
