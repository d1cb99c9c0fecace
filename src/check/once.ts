import { placeKey } from '../artifacts/text.ts';
import type { Finding } from './rule.ts';

/** One finding for each place, the first: several ways may lead to one mistake. */
export function oncePerPlace(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ at }) => {
    const key = placeKey(at);
    return !seen.has(key) && seen.add(key);
  });
}
