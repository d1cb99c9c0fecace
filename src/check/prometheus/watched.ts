import { factsOf } from '../../artifacts/fact.ts';
import { at, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import { LOOPBACK } from '../backends.ts';
import type { Context, Member } from '../context.ts';
import { clustersOf } from '../kubernetes/cluster.ts';
import { scrapedIn } from '../kubernetes/monitors.ts';
import { jobsOf } from './jobs.ts';

/** Something finds out by itself what it collects, or is told where nobody sees it. */
export const mayBeWatched = (context: Context): boolean =>
  jobsOf(context).some(job => job.discovers) ||
  context.documents.some(({ text, kind }) => kind !== 'sample' && COLLECTORS.test(text.content));

/** Collectors and agents, by the names that their files and commands bear. */
const COLLECTORS =
  /otel(?:-|\/)?(?:opentelemetry-)?collector|opentelemetry-collector|datadog|newrelic|new_relic|grafana[/-](?:agent|alloy)|vmagent|telegraf|PodMonitoring|prometheus:\s*\n\s+config:|kube-prometheus-stack/i;

const WATCHED = new WeakMap<Context, ReadonlySet<string>>();

/** Whether a job, a monitor or an annotation leads to it. */
export function isWatched(context: Context, member: Member): boolean {
  const known = WATCHED.get(context) ?? watchedIn(context);
  WATCHED.set(context, known);
  const names = [member.name, ...member.aliases, member.service ?? ''].filter(each => each !== '');
  return (
    names.some(name => known.has(`name ${name.toLowerCase()}`)) ||
    known.has(`at ${member.at.file}:${member.at.line}`) ||
    [...factsOf(member, 'port.listen'), ...factsOf(member, 'port.published')].some(({ value }) =>
      known.has(`port ${value.port}`),
    )
  );
}

function watchedIn(context: Context): ReadonlySet<string> {
  const jobs = jobsOf(context).flatMap(job => [
    `name ${job.name.toLowerCase()}`,
    ...job.targets.flatMap(({ host, port }) => [
      `name ${host}`,
      `name ${host.split('.')[0]}`,
      ...(LOOPBACK.test(host) || host === 'host.docker.internal' || host.includes('.')
        ? [`port ${port}`]
        : []),
    ]),
  ]);
  const pods = clustersOf(context).flatMap(cluster => [
    ...scrapedIn(cluster).map(each => each.workload),
    ...cluster.workloads.filter(
      ({ template }) =>
        textOfNode(at(template, 'metadata', 'annotations', 'prometheus.io/scrape')) === 'true',
    ),
  ]);
  const places = pods
    .flatMap(({ containers }) => containers.map(placeOf))
    .map(({ file, line }) => `at ${file}:${line}`);
  return new Set([...jobs, ...places]);
}
