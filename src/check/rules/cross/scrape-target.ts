import { factsOf } from '../../../artifacts/fact.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { type Job, jobsOf, type Target } from '../../prometheus/jobs.ts';
import { shut } from '../../prometheus/shut.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const scrapeTarget: Rule = {
  id: 'cross/scrape-target',
  severity: 'error',
  title: 'a scrape of a host or port that no service offers',
  why: 'The target is down for ever, and each alert about the service is silent: nothing is measured, and what is not measured seems to be well.',
  fix: 'Scrape the name and the port of the service as Prometheus reaches it; inside a container localhost is the container itself.',
  fixable: 'no',
  example: {
    bad: 'targets: ["localhost:8080"]   # Prometheus is a service of the same compose file',
    good: 'targets: ["chat:8080"]',
  },
  check: context => {
    const own = context.members.filter(isPrometheus);
    return jobsOf(context)
      .filter(job => !job.probes && !job.discovers)
      .flatMap(job => [
        ...job.targets.flatMap(target => [
          ...findingsOf(context, own, job, target),
          ...shut(context, job, target),
        ]),
        ...wrongPath(context, job),
      ]);
  },
};

const isPrometheus = (member: Member): boolean =>
  member.platform === 'compose' &&
  factsOf(member, 'image').some(({ value }) =>
    /(?:^|\/)prom(?:etheus)?\/prometheus$|\/prometheus$/.test(value.repository),
  );

const portsOf = (member: Member): readonly number[] => [
  ...new Set([
    ...factsOf(member, 'port.listen').map(({ value }) => value.port),
    ...factsOf(member, 'port.published').map(({ value }) => value.target),
  ]),
];

function findingsOf(
  context: Context,
  own: readonly Member[],
  job: Job,
  { host, port, at }: Target,
): Finding[] {
  const finding = (said: string, related: Finding['related'] = []): Finding[] => [
    { at, message: `the job ${job.name} scrapes ${host}:${port}, ${said}`, related },
  ];
  const [container] = own;
  // Where several files start a Prometheus nobody knows which of them reads this one.
  if (!container || new Set(own.map(each => each.document)).size > 1) return [];
  const hosted = container.facts.some(
    fact => fact.kind === 'security' && fact.value.setting === 'host-network' && fact.value.value === true,
  );
  if (hosted) return [];
  if (LOOPBACK.test(host))
    return port === 9090 || portsOf(container).includes(port)
      ? []
      : finding('which inside its container is itself', [
          { ...container.at, message: 'Prometheus runs here' },
        ]);
  const beside = context.members.filter(({ document }) => document === container.document);
  const named = beside.filter(
    each => each.name.toLowerCase() === host || each.aliases.some(alias => alias.toLowerCase() === host),
  );
  if (host.includes('.')) return [];
  if (named.length === 0)
    return factsOf(container, 'host.extra').some(({ value }) => value.name === host) ||
      reachesOthers(container)
      ? []
      : finding('and no service of its compose file bears that name', [
          { ...container.at, message: 'Prometheus runs here' },
        ]);
  // An image may open more than what is said of it: only what the service itself is told counts.
  const told = named.filter(each => factsOf(each, 'port.listen').some(({ origin }) => origin === 'derived'));
  const [first] = told;
  if (!first || named.some(each => portsOf(each).includes(port))) return [];
  return finding(`which listens on ${listed(portsOf(first).map(String))}`, [
    { ...first.at, message: first.name },
  ]);
}

/** Networks of other projects bring names that are not known here. */
const reachesOthers = ({ document }: Member): boolean =>
  document.kind !== 'compose' || /^\s+external:|^include:/m.test(document.text.content);

/** The path that the configuration says, asked by another. */
function wrongPath(context: Context, job: Job): Finding[] {
  const service = context.model?.services.find(each => each.unit === job.name || each.key === job.name);
  const config = context.members.find(each => each.platform === 'config' && each.name === service?.unit);
  const path = service?.metrics?.path;
  if (!config || !path || path === job.path) return [];
  return [
    {
      at: job.at,
      message: `the job ${job.name} scrapes ${job.path}, and the configuration says ${path}`,
      related: [{ ...config.at, message: `metrics.path: ${path}` }],
    },
  ];
}
