import { type Fact, factsOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { membersOf } from '../../knowledge.ts';
import { isDeepPath } from '../../kubernetes/health-paths.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration } from '../../words.ts';

export const livenessOnDependencies: Rule = {
  id: 'k8s/liveness-on-dependencies',
  severity: ['error', 'info'],
  title: 'a liveness probe that asks what the service depends on',
  why: 'When the database is slow, every pod is killed at the same time and all of them start again against the slow database. Being taken out of rotation, which readiness does, is enough.',
  fix: 'Let liveness ask a path that only tells that the process answers, and be more patient than readiness.',
  fixable: 'no',
  example: {
    bad: 'livenessProbe: {httpGet: {path: /health/ready, ...}}',
    good: 'livenessProbe: {httpGet: {path: /health/live, ...}}',
  },
  check: context =>
    oncePerPlace(
      context.members
        .filter(
          member => member.platform === 'kubernetes' && member.form === 'container' && member.longRunning,
        )
        .flatMap(member => findingsOf(context, member)),
    ),
};

function findingsOf(context: Context, member: Member): Finding[] {
  const live = factsOf(member, 'health').find(each => each.value.role === 'live');
  const ready = factsOf(member, 'health').find(each => each.value.role === 'ready');
  const path = live?.value.path;
  if (!live || path === undefined) return [];
  const deep = deepOf(context, member, path);
  if (deep)
    return [
      {
        at: live.at,
        message: `the liveness probe of ${member.name} asks ${path}, ${deep}`,
        related: ready?.value.path === path ? [cited(ready, 'readiness asks the same')] : [],
      },
    ];
  if (!ready || ready.value.path !== path || budget(live) > budget(ready)) return [];
  return [
    {
      at: live.at,
      severity: 'info',
      message: `${member.name} is restarted after ${duration(budget(live))} without a good answer of ${path}, and taken out of rotation only after ${duration(budget(ready))}`,
      related: [cited(ready, 'readiness asks the same')],
    },
  ];
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
const budget = ({ value: { period = 10_000, failures = 3 } }: Fact<'health'>): number => period * failures;

/** Why a path is known to ask dependencies. */
function deepOf(context: Context, member: Member, path: string): string | undefined {
  const config = membersOf(context, member).find(each => each.platform === 'config');
  const health = context.model?.services.find(({ unit }) => unit === config?.name)?.health;
  // The configuration decides, whatever the path is called.
  if (health) {
    if (path === health.deep) return 'which the configuration calls deep';
    return path === health.ready.path && path !== health.live.path
      ? 'which the configuration calls ready'
      : undefined;
  }
  return isDeepPath(path) ? 'which by its name asks what the service depends on' : undefined;
}
