import type { Parsed } from './document.ts';
import type { Text } from './text.ts';
import { at, type YamlMap } from './yaml.ts';
import { readYaml } from './yaml-reader.ts';

/** A file that is one mapping with certain keys at its top. */
export function parseMapping(text: Text, what: string, ...required: readonly string[]): Parsed<YamlMap> {
  const { roots, faults } = readYaml(text);
  const root = roots[0];
  const refused = (offset: number, message: string): Parsed<YamlMap> => ({
    faults: [...faults, { rule: 'file/unreadable', offset, message }],
  });
  if (root?.kind === 'map') {
    const missing = required.find(key => !at(root, key));
    return missing ? refused(root.start, `${what} without ${missing}`) : { body: root, faults };
  }
  if (faults.length > 0) return { faults };
  return refused(root?.start ?? 0, `${what} is a mapping`);
}
