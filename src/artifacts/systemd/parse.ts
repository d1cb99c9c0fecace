import type { Parsed } from '../document.ts';
import { readIni } from '../ini.ts';
import type { Text } from '../text.ts';
import type { Unit } from './unit.ts';

const TYPES = 'service|socket|timer|target|mount|automount|path|slice|swap|scope';

export function parseUnit(text: Text, name: string): Parsed<Unit> {
  const { sections, faults } = readIni(text);
  const [, own, drop] = new RegExp(`([^/]+\\.(?:${TYPES}))(\\.d/[^/]+)?$`).exec(name) ?? [];
  const unit = own ?? `${nameOfFile(name)}.service`;
  const type = unit.split('.').at(-1) ?? 'service';
  // A drop-in without settings changes nothing, which is what some are for.
  const isEmpty = drop === undefined && sections.every(section => section.entries.length === 0);
  if (isEmpty && faults.length === 0)
    return { faults: [{ rule: 'file/unreadable', offset: 0, message: 'an empty unit: systemd masks it' }] };
  return { body: { type, name: unit, dropIn: drop !== undefined, sections }, faults };
}

const nameOfFile = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');
