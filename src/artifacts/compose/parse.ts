import type { Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import { at, entriesOf, isNull } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import type { Compose } from './compose.ts';

export function parseCompose(text: Text): Parsed<Compose> {
  const { roots, faults } = readYaml(text);
  const root = roots[0];
  if (faults.length > 0 && !root) return { faults };
  const missing = (offset: number, message: string): Parsed<Compose> => ({
    faults: [...faults, { rule: 'file/unreadable', offset, message }],
  });
  if (root?.kind !== 'map') return missing(0, 'a compose file is a mapping with services');
  const services = at(root, 'services');
  if (!services && !at(root, 'include'))
    return missing(root.start, 'a compose file without services starts nothing');
  if (services && services.kind !== 'map' && !isNull(services))
    return missing(services.start, 'services is a mapping of names');
  return { body: { root, services: entriesOf(services) }, faults };
}
