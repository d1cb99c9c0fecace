import type { Step } from '../../strategy.ts';
import type { Place } from './place.ts';

export function restoring(_place: Place, _backup: string): readonly Step[] {
  return [];
}
