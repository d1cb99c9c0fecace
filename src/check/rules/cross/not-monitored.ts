import { type Fact, factsOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { membersOf } from '../../knowledge.ts';
import { clustersOf } from '../../kubernetes/cluster.ts';
import { isWatched, mayBeWatched } from '../../prometheus/watched.ts';
import type { Finding, Rule } from '../../rule.ts';

export const notMonitored: Rule = {
  id: 'cross/not-monitored',
  severity: ['warning', 'info'],
  title: 'metrics that nobody collects',
  why: 'The service counts its requests, errors and tokens, and the numbers are gone with each restart: what happened before an outage, and what it cost, nobody can say.',
  fix: 'Add a job of Prometheus, a ServiceMonitor or a collector for it.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'environment: {METRICS_PORT: 9090}',
    good: 'scrape_configs: [{job_name: chat, static_configs: [{targets: ["chat:9090"]}]}]',
  },
  check: context => {
    // A project that leaves monitoring out of its targets has it elsewhere.
    if (mayBeWatched(context) || (context.model && !context.model.targets.monitoring)) return [];
    const seen = new Set<string>();
    return context.members
      .filter(
        member =>
          member.longRunning &&
          member.production &&
          /^(?:container|process)$/.test(member.form) &&
          member.platform !== 'config',
      )
      .flatMap(member => {
        const key = member.service ?? `${member.platform} ${member.name}`;
        if (seen.has(key) || membersOf(context, member).some(each => isWatched(context, each))) return [];
        const found = findingOf(context, member);
        if (found.length > 0) seen.add(key);
        return found;
      });
  },
};

const FLAG = /^(?:\w+_)?(?:(?:ENABLE|EXPOSE)_METRICS|(?:METRICS|PROMETHEUS)_ENABLED)$/;

function findingOf(context: Context, member: Member): Finding[] {
  const port = factsOf(member, 'port.listen').find(({ value }) =>
    /^(?:metrics|prometheus|http-metrics)$/.test(value.name ?? ''),
  );
  const flag = factsOf(member, 'env').find(
    ({ value }) => FLAG.test(value.name) && /^(?:1|true|yes|on)$/i.test(value.value ?? ''),
  );
  if (port)
    return [
      finding(port, `${member.name} serves metrics at port ${port.value.port}, and nothing scrapes them`),
    ];
  if (flag)
    return [
      finding(
        flag,
        `${member.name} has its metrics turned on (${flag.value.name}), and nothing scrapes them`,
      ),
    ];
  const served = factsOf(member, 'health').some(({ value }) => value.path !== undefined);
  // Where others are watched, one that is not was forgotten.
  const others =
    context.of('prometheus').length > 0 ||
    clustersOf(context).some(each => each.of('ServiceMonitor').length > 0);
  return served && others
    ? [
        {
          at: member.at,
          severity: 'info',
          message: `${member.name} has no metrics that anybody collects, and others here have`,
        },
      ]
    : [];
}

const finding = ({ at }: Fact, message: string): Finding => ({ at, message });
