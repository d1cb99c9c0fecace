import { type Fact, factsOf, type Health } from '../artifacts/fact.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context, Member } from './context.ts';

/** A path that a platform asks to learn how a service is. */
export interface HealthUse {
  readonly member: Member;
  readonly role: Health['role'];
  readonly path: string;
  readonly at: Place;
}

/** Of each service what its platforms ask; of a pod its first container, since others are beside it. */
export function healthUses(context: Context): ReadonlyMap<string, readonly HealthUse[]> {
  const pods = new Set<string>();
  const uses = new Map<string, HealthUse[]>();
  for (const [service, members] of context.services) {
    const main = members.filter(member => {
      const key = [member.platform, member.document.name, member.scope, member.name].join('\0');
      return member.form === 'image' || (!pods.has(key) && pods.add(key));
    });
    uses.set(service, main.filter(member => member.production).flatMap(usesOf));
  }
  return uses;
}

const usesOf = (member: Member): HealthUse[] =>
  factsOf(member, 'health').flatMap(fact => {
    const path = pathOf(fact);
    return path === undefined ? [] : [{ member, role: fact.value.role, path, at: fact.at }];
  });

function pathOf({ value: { path, command } }: Fact<'health'>): string | undefined {
  const url = /https?:\/\/[^/\s"'$]+(\/[^\s"'?$)]*)(.?)/.exec(command?.join(' ') ?? '');
  const asked = path ?? (url?.[2] === '$' ? undefined : url?.[1]);
  // A query changes nothing of what is asked, and a slash at the end rarely.
  return asked?.replace(/\?.*$/s, '').replace(/(?<=.)\/$/, '');
}

/** What a path says by its name: two of one kind are meant to be the same. */
export const kindOfPath = (path: string): 'general' | 'live' | 'ready' | undefined =>
  /(?:^|\/)(?:live|livez|liveness|alive|ping)$/i.test(path)
    ? 'live'
    : /(?:^|\/)(?:ready|readyz|readiness)$/i.test(path)
      ? 'ready'
      : /(?:^|\/)_?(?:health|healthz|healthcheck|health-check|status)$/i.test(path)
        ? 'general'
        : undefined;
