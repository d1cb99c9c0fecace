import { type AnyFact, factOf } from '../../../artifacts/fact.ts';
import { ways } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, quoted } from '../../words.ts';

const KINDS = ['timeout.request', 'stream.max', 'stream.heartbeat'] as const;

export const equalTimers: Rule = {
  id: 'cross/equal-timers',
  severity: 'warning',
  title: 'two timers on one path that run out at the same moment',
  why: "Which of them is first is a matter of chance: the same request ends now with the service's own answer, now with the proxy's 504, and nobody can repeat it.",
  fix: 'Let each hop outwards wait a few seconds longer than the one behind it.',
  fixable: 'no',
  example: {
    bad: 'proxy_read_timeout 60s;   # REQUEST_TIMEOUT=60s',
    good: 'proxy_read_timeout 65s;   # REQUEST_TIMEOUT=60s',
  },
  check: context => ways(context).flatMap(({ route, backend }) => findingsOf(context, route, backend)),
};

function findingsOf(context: Context, route: Member, backend: Member): Finding[] {
  const read = factOf(route, 'proxy.read');
  if (!read) return [];
  const facts: (AnyFact | undefined)[] = KINDS.map(kind => known(context, backend, kind));
  return facts.flatMap(fact =>
    fact &&
    fact.value === read.value &&
    !(read.origin === 'default' && fact.origin === 'derived' && !fact.note)
      ? [
          {
            at: read.at,
            message: `${route.name} and ${backend.service ?? backend.name} both wait ${duration(read.value)}${quoted(read)}: which gives up first is chance`,
            related: [cited(fact)],
          },
        ]
      : [],
  );
}
