import type { Context } from '../context.ts';
import { exporterOf } from './exporters.ts';
import { selectorsIn } from './expression.ts';
import { isStatic, type Job } from './jobs.ts';
import { type PrometheusRule, rulesIn } from './rules.ts';

interface Given {
  readonly recorded: ReadonlySet<string>;
  readonly sampled: ReadonlySet<string>;
}

const GIVEN = new WeakMap<Context, Given>();

function givenIn(context: Context): Given {
  const known = GIVEN.get(context) ?? {
    recorded: new Set(
      rulesIn(context)
        .filter(each => each.kind === 'record')
        .map(each => each.name),
    ),
    sampled: new Set(context.of('metrics').flatMap(({ body }) => body.map(each => each.name))),
  };
  GIVEN.set(context, known);
  return known;
}

/** The first of its metrics that nobody gives. */
export function lackOf(context: Context, rule: PrometheusRule, jobs: readonly Job[]): string | undefined {
  if (!context.closed || !isStatic(jobs)) return undefined;
  const given = givenIn(context);
  // The label need not be the job's name.
  const renamed = jobs.some(({ document: { text } }) =>
    /target_label:\s?["']?job\b|[\s{,]job:\s/.test(text.content),
  );
  for (const { name, labels } of selectorsIn(rule.expression)) {
    const job = labels.get('job');
    if (job !== undefined && !given.recorded.has(name) && !renamed && !jobs.some(each => each.name === job))
      return `asks for ${name} of the job ${job}, and no job is called so`;
    const exporter = exporterOf(name, jobs);
    if (
      given.recorded.has(name) ||
      given.sampled.has(name) ||
      /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_\w+)$/.test(name)
    )
      continue;
    if (exporter && !exporter.scraped)
      return `asks for ${name}, which ${exporter.name} gives, and no job scrapes that`;
    // A sample shows what the services of the set give; others may be scraped too.
    const known = exporter !== undefined || given.sampled.size === 0 || jobs.length > 1;
    if (!known && !/^(?:go|process|python|nodejs|prometheus)_/.test(name))
      return `asks for ${name}, which the sample of its metrics does not hold`;
  }
  return undefined;
}
