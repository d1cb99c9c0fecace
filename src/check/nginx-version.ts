import { factsOf } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';
import type { Context } from './context.ts';

/** Every nginx of the set is known to be at least this version: what it does by default is known then. */
export function isNginxAtLeast({ members }: Context, wanted: string): boolean {
  const tags = members.flatMap(member =>
    factsOf(member, 'image').flatMap(({ value }) =>
      /^nginx(?:-unprivileged)?$/.test(shortName(value)) ? [value.tag ?? ''] : [],
    ),
  );
  return tags.length > 0 && tags.every(tag => isAtLeast(tag, wanted));
}

/** `1.27` may be any of its patches, so it is none of them for certain. */
function isAtLeast(tag: string, wanted: string): boolean {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:-|$)/.exec(tag)?.slice(1) ?? [];
  if (found.length === 0) return false;
  const least = wanted.split('.').map(Number);
  for (const [i, number] of least.entries()) {
    const own = Number(found[i] ?? -1);
    if (own !== number) return own > number;
  }
  return true;
}
