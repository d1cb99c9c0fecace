import { type Fact, factOf } from '../../artifacts/fact.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { cited, size } from '../words.ts';

export const isJudged = (member: Member): boolean => member.production && member.longRunning;

export const lacking = (member: Member): Finding => ({
  at: member.at,
  message: `${member.name} has no limit of its memory`,
});

export const engineFindings = (member: Member): Finding[] =>
  /^(?:compose|docker)$/.test(member.platform) && !factOf(member, 'memory.limit') ? [lacking(member)] : [];

/** A LimitRange gives what containers leave out. */
export const namespacesWithRange = ({ documents }: Context): ReadonlySet<string> =>
  new Set(
    objectSets(documents).flatMap(({ objects }) =>
      objects.filter(each => each.kind === 'LimitRange').map(each => each.namespace ?? ''),
    ),
  );

export function podFindings(member: Member, ranged: ReadonlySet<string>): Finding[] {
  const [limit, request] = [factOf(member, 'memory.limit'), factOf(member, 'memory.request')];
  const cpu = factOf(member, 'cpu.request') ?? factOf(member, 'cpu.limit');
  if (ranged.has(member.scope)) return [];
  // A limit without a request is the request too.
  const parts = [
    ...(limit ? [] : ['no limit of its memory']),
    ...(request || limit || cpu ? [] : ['no requests']),
  ];
  if (parts.length > 0) return [{ at: member.at, message: `${member.name} has ${parts.join(' and ')}` }];
  return limit && request ? overcommitted(member, limit, request) : [];
}

function overcommitted(
  member: Member,
  limit: Fact<'memory.limit'>,
  request: Fact<'memory.request'>,
): Finding[] {
  if (limit.value <= 2 * request.value) return [];
  const message = `${member.name} may take ${size(limit.value)}, more than twice what it requests (${size(request.value)})`;
  return [
    {
      at: limit.at,
      // Bursting is a choice that some make: worth knowing, no mistake by itself.
      severity: 'info',
      message,
      related: [cited(request as Member['facts'][number], `requests ${size(request.value)}`)],
    },
  ];
}
