import type { Document } from '../../../artifacts/document.ts';
import { own } from '../../../artifacts/own.ts';
import { at, entriesOf, entryOf, itemsOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { jobsOf } from '../../prometheus/jobs.ts';
import { rulesIn } from '../../prometheus/rules.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const noRules: Rule = {
  id: 'prometheus/no-rules',
  severity: 'warning',
  title: 'measurements that nobody is told of',
  why: 'Numbers that are collected and not looked at by a rule, or whose alerts are sent nowhere, find no fault: the disk fills up, and the backup is a month old on the day that it is needed.',
  fix: 'Write alerts for what you promise, for disks and for the age of the backup, list them under rule_files and send them to an Alertmanager.',
  fixable: 'no',
  closedSet: true,
  example: {
    bad: 'scrape_configs: [...]',
    good: 'rule_files: [alerts.yml]\nalerting: {alertmanagers: [...]}\nscrape_configs: [...]',
  },
  check: context => [
    ...context.of('prometheus').flatMap(document => unheard(context, document)),
    ...unwatched(context),
  ],
};

function unheard(context: Context, { body }: Document<'prometheus'>): Finding[] {
  const jobs = entryOf(body, 'scrape_configs');
  // An agent sends what it collects to where the rules are.
  if (!jobs || itemsOf(jobs.value).length === 0 || at(body, 'remote_write')) return [];
  const none = itemsOf(at(body, 'rule_files')).length === 0;
  if (none)
    return [
      {
        at: placeOf(jobs.key),
        message: 'it scrapes, and no rule looks at what it finds: rule_files is empty',
      },
    ];
  const told = at(body, 'alerting', 'alertmanagers') ?? at(body, 'alerting', 'alert_relabel_configs');
  const alerts = rulesIn(context).some(each => each.kind === 'alert');
  return told || !alerts
    ? []
    : [
        {
          at: placeOf(entryOf(body, 'rule_files')?.key ?? jobs.key),
          message: 'its alerts are sent to nobody: alerting names no Alertmanager',
        },
      ];
}

const DUMPS = /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|restic|borg|pgbackrest)$/;

/** By which words of its name or expression an alert is about an objective. */
const OBJECTIVES: Readonly<Record<string, RegExp>> = {
  availability: /\bup\b|probe_success|availab|absent|down|error|5\.\./i,
  cpu: /cpu/i,
  disk: /filesystem|disk|volume/i,
  errorRate: /error|5\.\.|5xx|status|code/i,
  latencyP95: /latency|duration|histogram_quantile/i,
  memory: /memory|_rss|oom/i,
};

/** Objectives that aideploy.yaml writes down; a whole is one that nothing can miss. */
const promised = (context: Context) =>
  context.of('config').flatMap(({ body }) =>
    entriesOf(at(body, 'observability', 'objectives')).flatMap(({ key, value }) => {
      const [pattern, written] = [own(OBJECTIVES, key.source), textOfNode(value)];
      return pattern && written && written !== '100%'
        ? [{ what: key.source, at: placeOf(key), said: `${key.source}: ${written}`, pattern }]
        : [];
    }),
  );

/** What is done or measured here, and that no alert is about. */
function unwatched(context: Context): Finding[] {
  const alerts = rulesIn(context).filter(each => each.kind === 'alert');
  const [first] = alerts;
  if (!first) return [];
  const about = (pattern: RegExp) => alerts.some(each => pattern.test(`${each.name} ${each.expression}`));
  const disk = jobsOf(context).find(
    job => /node|host/i.test(job.name) || job.targets.some(target => target.port === 9100),
  );
  const scheduled =
    context.of('crontab').length > 0 ||
    context.of('systemd').some(({ name }) => name.endsWith('.timer')) ||
    context.members.some(({ platform }) => platform === 'cron');
  // It is the host that is watched whose backup can be.
  const dump =
    scheduled &&
    disk &&
    context
      .of('shell')
      .flatMap(({ body, text }) =>
        body.commands
          .filter(({ words }) => words.some(word => DUMPS.test(word.value ?? '')))
          .map(({ start }) => text.place(start)),
      )[0];
  const missing = [
    ...(disk && !about(/filesystem|disk|volume/i)
      ? [{ what: 'full disks', at: disk.at, said: `job ${disk.name}` }]
      : []),
    ...(dump && !about(/backup|dump|restic|borg/i)
      ? [{ what: 'the age of the backup', at: dump, said: 'the backup' }]
      : []),
    ...promised(context).filter(({ pattern }) => !about(pattern)),
  ];
  if (missing.length === 0) return [];
  return [
    {
      at: first.at,
      message: `no alert is about ${listed(missing.map(each => each.what))}`,
      related: missing.map(each => ({ ...each.at, message: each.said })),
    },
  ];
}
