import type { Context } from '../../context.ts';
import { outdatedClients } from '../../database-client.ts';
import { LIFETIMES } from '../../end-of-life.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type VersionUse, versionsIn } from '../../version-use.ts';

export const versions: Rule = {
  id: 'cross/versions',
  severity: 'warning',
  title: 'versions that disagree, or that nobody mends any more',
  why: 'What is tested with one version runs with another, an older pg_dump refuses a newer server, and a version past its end gets no fixes; requests to a retired model fail.',
  fix: 'Use one version that is still maintained, everywhere.',
  fixable: 'no',
  example: { bad: 'FROM python:3.8-slim', good: 'FROM python:3.13-slim' },
  check: context => {
    const uses = versionsIn(context);
    return oncePerPlace([
      ...uses.flatMap(use => past(context, use)),
      ...toolchains(uses),
      ...databases(uses),
      ...outdatedClients(context, uses),
    ]);
  },
};

function past({ today }: Context, { product, version, at, what, by }: VersionUse): Finding[] {
  const { title, source, ends } = LIFETIMES[product];
  const end = ends.get(version);
  if (end === undefined || end >= today) return [];
  const message =
    by === 'model'
      ? `${what}: the ${title} was retired on ${end}, and requests to it fail`
      : `${what}: ${title} ${version} has had no fixes since ${end}`;
  return [{ at, message, fix: `Take one that is maintained: ${source}.` }];
}

/** One version is built with, and none of those that are tested with is that one. */
function toolchains(uses: readonly VersionUse[]): Finding[] {
  return (['go', 'node', 'python'] as const).flatMap(product => {
    const own = uses.filter(use => use.product === product && /^(?:\d|$)/.test(use.version));
    const built = own.filter(use => use.by === 'image');
    const tested = own.filter(use => use.by === 'workflow');
    const [first] = built;
    if (!first || built.some(use => use.version !== first.version)) return [];
    if (tested.some(use => use.version === first.version || use.version === '')) return [];
    return tested.map(use => ({
      at: use.at,
      message: `${use.what}, but what is deployed is built on ${first.what}`,
      related: [{ ...first.at, message: first.what }],
    }));
  });
}

/** Servers of one database in several places; a file that runs two of them has two databases. */
function databases(uses: readonly VersionUse[]): Finding[] {
  const servers = uses.filter(use => use.product === 'postgres');
  const several = servers.some(use =>
    servers.some(each => each.at.file === use.at.file && each.version !== use.version),
  );
  const [first] = servers;
  if (several || !first) return [];
  return servers
    .filter(use => use.version !== first.version)
    .map(use => ({
      at: use.at,
      message: `PostgreSQL ${use.version} here (${use.what}), and ${first.version} elsewhere`,
      related: [{ ...first.at, message: first.what }],
    }));
}
