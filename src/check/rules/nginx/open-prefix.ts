import { factsOf } from '../../../artifacts/fact.ts';
import { matchOf, passOf } from '../../../artifacts/nginx/facts.ts';
import { type Chain, type Directive, named, placeOf } from '../../../artifacts/nginx/nginx.ts';
import { allServers, locationsOf } from '../../../artifacts/nginx/servers.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

const PROBE =
  /\/(?:health|healthz|health-?check|live|livez|liveness|ready|readyz|readiness|ping|metrics|nginx_status|stub_status)$/i;
/** A location that refuses or guards is meant to catch the longer paths too. */
const GUARDS = ['allow', 'deny', 'auth_basic', 'auth_request', 'internal', 'return'];

export const openPrefix: Rule = {
  id: 'nginx/open-prefix',
  severity: 'warning',
  title: 'a health or metrics location that serves longer paths too',
  why: 'Without `=` it answers /healthz-anything and everything below it, with its own limits, log and access rules: what was opened for one probe is open for more.',
  fix: 'Match the one path: location = /health.',
  fixable: 'safe',
  example: { bad: 'location /healthz { ... }', good: 'location = /healthz { ... }' },
  check: context =>
    allServers(context.documents).flatMap(server => {
      const all = locationsOf(server);
      return all.flatMap(chain => findingsOf(context, chain, all));
    }),
};

function findingsOf(context: Context, [location]: Chain, all: readonly Chain[]): Finding[] {
  const { how, path } = matchOf(location as Directive);
  const argument = location?.args.at(-1);
  if (!location || !argument || (how !== 'prefix' && how !== '^~') || !PROBE.test(path)) return [];
  if (!passOf(location) && named(location.block, 'stub_status').length === 0) return [];
  if (GUARDS.some(name => named(location.block, name).length > 0)) return [];
  const others = all.flatMap(([other]) => (other && other !== location ? [matchOf(other)] : []));
  if (others.some(other => other.path === path || other.path.includes(`${path}/`))) return [];
  if (pathsIn(context).some(known => known.startsWith(`${path}/`))) return [];
  return [
    {
      at: placeOf(location),
      message: `location ${path} serves ${path}... too, whatever follows`,
      edits: [location.text.edit(location.args[0]?.start ?? 0, argument.end, `= ${path}`)],
    },
  ];
}

const pathsIn = ({ members }: Context): string[] =>
  members
    .flatMap(member => factsOf(member, 'health').flatMap(({ value }) => value.path ?? value.command ?? []))
    .map(text => /(?:https?:\/\/[^/\s]+)?(\/[\w./-]+)/.exec(text)?.[1] ?? '');
