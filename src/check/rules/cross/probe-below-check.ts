import { type Fact, factsOf } from '../../../artifacts/fact.ts';
import type { Edit } from '../../../artifacts/text.ts';
import { entryOf, at as yamlAt } from '../../../artifacts/yaml.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import { containerOf } from '../../kubernetes/pods.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration } from '../../words.ts';
import { lineAbove } from '../../yaml-lines.ts';

/** https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
const DEFAULT = 1_000;
/** By its name it asks nobody else. */
const LIVE = /(?:^|[/_-])(?:live|livez|liveness|alive|ping)\/?$/i;

export const probeBelowCheck: Rule = {
  id: 'cross/probe-below-check',
  severity: 'warning',
  title: 'a probe that is less patient than the health check it asks',
  why: 'The probe gives up while the service still asks its dependencies: a slow database makes every replica look dead at once, and none is left to answer.',
  fix: 'Give the probe a timeout above that of the health check, or make the check faster.',
  fixable: 'safe',
  example: {
    bad: 'timeoutSeconds: 1   # HEALTH_CHECK_TIMEOUT=3s',
    good: 'timeoutSeconds: 4   # HEALTH_CHECK_TIMEOUT=3s',
  },
  check: context =>
    context.members
      .filter(member => member.platform === 'kubernetes' && member.form === 'container')
      .flatMap(member => factsOf(member, 'health').flatMap(probe => findingsOf(context, member, probe))),
};

function findingsOf(context: Context, member: Member, probe: Fact<'health'>): Finding[] {
  const check = known(context, member, 'timeout.health');
  const timeout = probe.value.timeout ?? DEFAULT;
  const { path } = probe.value;
  if (!check || timeout >= check.value || path === undefined || LIVE.test(path)) return [];
  // Where another path is the one that asks the dependencies, the time is that one's.
  const deep = known(context, member, 'health.deep');
  if (deep && deep.value !== path) return [];
  const quoted = probe.value.timeout === undefined ? ' (timeoutSeconds, default 1 s)' : '';
  const message = `the ${probe.value.role} probe of ${member.name} waits ${duration(timeout)}${quoted}, its health check up to ${duration(check.value)}`;
  const edits = patient(context, member, probe, Math.floor(check.value / 1_000) + 1);
  return [{ at: probe.at, message, related: [cited(check as Member['facts'][number])], edits }];
}

const PROBES = { live: 'livenessProbe', ready: 'readinessProbe', startup: 'startupProbe' } as const;

/** The probe of that role with so many seconds: in the place of its own, else as a line above how it asks. */
function patient(
  context: Context,
  member: Member,
  { value: { role } }: Fact<'health'>,
  seconds: number,
): readonly Edit[] {
  const probe =
    role === 'container' ? undefined : yamlAt(containerOf(context, member)?.container, PROBES[role]);
  const written = yamlAt(probe, 'timeoutSeconds');
  if (written) return [written.text.edit(written.start, written.end, String(seconds))];
  return lineAbove(entryOf(probe, 'httpGet') ?? entryOf(probe, 'grpc'), `timeoutSeconds: ${seconds}`);
}
