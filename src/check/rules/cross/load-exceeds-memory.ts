import { factOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { known, membersOf } from '../../knowledge.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration, size } from '../../words.ts';

export const loadExceedsMemory: Rule = {
  id: 'cross/load-exceeds-memory',
  severity: ['warning', 'info'],
  title: 'a load that is let in and does not fit into the memory',
  why: 'Each request may bring a body as large as the limit allows, and is held for as long as it takes: when the rate that is let in comes with large bodies, the process is killed with all of its requests.',
  fix: 'Lower the limit of the body, the rate or the requests at a time, or give it more memory.',
  fixable: 'no',
  example: {
    bad: 'MAX_BODY=50m\nRATE_LIMIT_RPS=20\nREQUEST_TIMEOUT=60s\nmem_limit: 512m',
    good: 'MAX_BODY=1m\nRATE_LIMIT_RPS=20\nREQUEST_TIMEOUT=20s\nmem_limit: 512m',
  },
  check: context =>
    oncePerPlace(
      context.members
        .filter(({ form }) => form === 'container' || form === 'process')
        .flatMap(member => findingsOf(context, member)),
    ),
};

function findingsOf(context: Context, member: Member): Finding[] {
  const memory = factOf(member, 'memory.limit');
  const [body, rate] = [known(context, member, 'body.limit'), known(context, member, 'rate')];
  const time = known(context, member, 'timeout.request');
  // What a platform does by itself is no statement of what the service needs.
  if (!memory || !body || !rate || !time || [body, rate, time].some(({ origin }) => origin === 'default'))
    return [];
  const most = factOf(member, 'concurrency')?.value ?? Number.POSITIVE_INFINITY;
  const held = Math.min((rate.value * time.value) / 1_000, most);
  const need = body.value * held;
  if (!Number.isFinite(need) || need <= memory.value) return [];
  const said =
    held === most
      ? `${most} requests at a time`
      : `${rate.value} requests a second of up to ${duration(time.value)}`;
  const finding = {
    at: memory.at,
    message: `${member.name} has ${size(memory.value)}, and lets in ${said} with up to ${size(body.value)} each: ${size(need)}`,
    related: [cited(body), cited(rate), cited(time)],
  };
  // Where aideploy.yaml says the numbers they are changed there.
  const config = membersOf(context, member).find(each => each.platform === 'config');
  const limit = config && factOf(config, 'body.limit');
  return limit ? [{ ...finding, at: limit.at, severity: 'info' }] : [finding];
}
