import { at, placeOf } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import { type Selector, selectorsIn } from '../../prometheus/expression.ts';
import { lackOf } from '../../prometheus/given.ts';
import { durationOf, type Job, jobsOf, prometheusDuration } from '../../prometheus/jobs.ts';
import { type PrometheusRule, rulesIn } from '../../prometheus/rules.ts';
import type { Finding, Rule } from '../../rule.ts';
import { duration } from '../../words.ts';

export const neverFires: Rule = {
  id: 'prometheus/never-fires',
  severity: ['error', 'warning'],
  title: 'an alert that cannot fire, or a scrape that Prometheus refuses',
  why: 'A metric that nothing gives makes no error: the alert is simply silent, and is found out when it was needed. A rate over fewer than four scrapes has gaps whenever one of them is lost; and with a timeout above its interval Prometheus does not start.',
  fix: 'Scrape what gives the metric or use a name that is given, look at four scrapes or more, and keep a timeout below its interval.',
  fixable: 'no',
  example: {
    bad: 'rate(http_requests_total[30s])   # scrape_interval: 15s',
    good: 'rate(http_requests_total[1m])',
  },
  check: context => {
    const jobs = jobsOf(context);
    return [
      ...rulesIn(context).flatMap(rule => [
        ...tooShort(context, rule, jobs),
        ...(rule.operated ? [] : ungiven(context, rule, jobs)),
      ]),
      ...refused(context, jobs),
    ];
  },
};

const finding = ({ at: place, name }: PrometheusRule, said: string): Finding => ({
  at: place,
  severity: 'warning',
  message: `${name} ${said}`,
});

function ungiven(context: Context, rule: PrometheusRule, jobs: readonly Job[]): Finding[] {
  const lack = lackOf(context, rule, jobs);
  return lack === undefined ? [] : [finding(rule, lack)];
}

const RATES = /^(?:rate|irate|increase|delta|idelta|deriv|changes|resets)$/;

function tooShort(context: Context, rule: PrometheusRule, jobs: readonly Job[]): Finding[] {
  const evaluated =
    rule.interval ??
    jobs.map(({ document }) => durationOf(at(document.body, 'global', 'evaluation_interval')) ?? 60_000)[0];
  const waits = at(rule.node, 'for');
  const time = durationOf(waits);
  const short = selectorsIn(rule.expression).flatMap((each): Finding[] => {
    const range = prometheusDuration(each.range ?? '');
    const interval = intervalOf(each, jobs, rule);
    if (
      !RATES.test(each.within ?? '') ||
      range === undefined ||
      interval === undefined ||
      range >= 4 * interval
    )
      return [];
    return [
      finding(
        rule,
        `takes ${each.within} of ${each.name} over ${duration(range)}, which is scraped every ${duration(interval)}: fewer than four times`,
      ),
    ];
  });
  const hasty = waits && time && evaluated && time < evaluated && context.of('prometheus').length > 0;
  return [
    ...short.slice(0, 1),
    ...(hasty
      ? [
          {
            ...finding(
              rule,
              `waits ${duration(time)}, and is evaluated every ${duration(evaluated)}: it waits as long as that`,
            ),
            at: placeOf(waits),
          },
        ]
      : []),
  ];
}

/** How often a metric is scraped, where all jobs that may give it agree. */
function intervalOf(
  { name, labels }: Selector,
  jobs: readonly Job[],
  { operated }: PrometheusRule,
): number | undefined {
  if (operated || name.includes(':')) return undefined;
  const job = labels.get('job');
  const able = job === undefined ? jobs : jobs.filter(each => each.name === job);
  const [first, ...others] = new Set(able.map(each => each.interval));
  return others.length === 0 ? first : undefined;
}

const refused = (context: Context, jobs: readonly Job[]): Finding[] =>
  [
    ...context.of('prometheus').map(({ body }) => at(body, 'global')),
    ...jobs.map(({ node }) => node),
  ].flatMap((node, i): Finding[] => {
    const [written, timeout] = [at(node, 'scrape_timeout'), durationOf(at(node, 'scrape_timeout'))];
    const interval =
      durationOf(at(node, 'scrape_interval')) ?? jobs[i - context.of('prometheus').length]?.interval;
    if (!written || timeout === undefined || interval === undefined || timeout <= interval) return [];
    return [
      {
        at: placeOf(written),
        message: `scrape_timeout is ${duration(timeout)}, more than the interval of ${duration(interval)}`,
      },
    ];
  });
