import type { IniEntry, IniSection } from '../ini.ts';

export interface Unit {
  /** service, timer, socket, …: what its name ends in. */
  readonly type: string;
  /** `chatbot.service` also of a drop-in `chatbot.service.d/10-limits.conf`. */
  readonly name: string;
  /** It changes another unit and is none itself. */
  readonly dropIn: boolean;
  readonly sections: readonly IniSection[];
}

/** Every assignment of a key, in order; an empty one takes back those before it. */
export function assignments(unit: Pick<Unit, 'sections'>, section: string, key: string): readonly IniEntry[] {
  const all = unit.sections
    .filter(each => each.name === section)
    .flatMap(each => each.entries.filter(entry => entry.key === key));
  return all.slice(all.findLastIndex(entry => entry.value === '') + 1);
}

/** The assignment that holds of a key that takes one value. */
export const setting = (unit: Pick<Unit, 'sections'>, section: string, key: string): IniEntry | undefined =>
  assignments(unit, section, key).at(-1);

export const isYes = (value: string | undefined): boolean => /^(?:1|yes|y|true|t|on)$/i.test(value ?? '');
