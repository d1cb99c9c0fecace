import type { Release } from './release.ts';
import type { Standing } from './strategy.ts';

/** What one machine or service runs: the releases that serve there. */
export interface Seen {
  readonly ids: readonly string[];
  readonly empty: boolean;
}

/** Of what is seen everywhere, the newest: a run that was ended between two was on its way to it, or from it. */
export function standingOf(seen: readonly Seen[], releases: readonly Release[]): Standing {
  const ids = new Set(seen.flatMap(each => each.ids));
  const running = releases.filter(({ id }) => ids.has(id)).sort((a, b) => b.sequence - a.sequence);
  return { current: running[0]?.id, empty: seen.every(({ empty }) => empty) };
}
