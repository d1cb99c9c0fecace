import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { entriesOf, at as yamlAt } from '../../../artifacts/yaml.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import { containerOf } from '../../kubernetes/pods.ts';
import type { Finding, Rule } from '../../rule.ts';
import { lineAbove } from '../../yaml-lines.ts';

export const noEndpointDelay: Rule = {
  id: 'cross/no-endpoint-delay',
  severity: 'warning',
  title: 'a served pod that stops at once when it is told to',
  why: 'Kubernetes tells the process to stop and takes it out of its Services at the same time, and the second takes longer: for some seconds of each rollout requests are sent to a port that is closed.',
  fix: 'Wait before the process is told: lifecycle.preStop.sleep.seconds: 5 (Kubernetes 1.30), within the grace period.',
  fixable: 'unsafe',
  example: {
    bad: 'readinessProbe: {...}',
    good: 'readinessProbe: {...}\nlifecycle: {preStop: {sleep: {seconds: 5}}}',
  },
  check: context => context.members.filter(isServed).flatMap(member => findingsOf(context, member)),
};

/** The process itself goes on taking requests for a while. */
const DELAY = /(?:^|_)(?:DRAIN|PRE_?STOP|SHUTDOWN)_DELAY/;

const isServed = (member: Member): boolean =>
  member.platform === 'kubernetes' &&
  member.form === 'container' &&
  member.longRunning &&
  factsOf(member, 'port.listen').length > 0 &&
  factsOf(member, 'health').some(probe => probe.value.role === 'ready' && probe.value.path !== undefined);

function findingsOf(context: Context, member: Member): Finding[] {
  const told = known(context, member, 'stop.before') ?? factOf(member, 'stop.hook');
  const delayed = factsOf(member, 'env').some(({ value }) => DELAY.test(value.name));
  if (told || delayed) return [];
  const message = `${member.name} closes its port while requests are still sent to it: no preStop`;
  const container = containerOf(context, member)?.container;
  const edits = yamlAt(container, 'lifecycle')
    ? []
    : lineAbove(entriesOf(container)[0], 'lifecycle: {preStop: {sleep: {seconds: 5}}}');
  return [{ at: member.at, message, edits }];
}
