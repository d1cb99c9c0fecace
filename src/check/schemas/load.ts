import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Family } from './shape.ts';

const KNOWN = new Map<string, unknown>();

/** The bundle has its schemas beside it, or beside the folder of its chunks; the sources have them at their root. */
function read(name: string): unknown {
  for (const folder of ['./schemas/', '../schemas/', '../../../schemas/']) {
    const path = fileURLToPath(new URL(`${folder}${name}.json`, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  }
  throw new Error(`schemas/${name}.json is missing`);
}

function once(name: string): unknown {
  if (!KNOWN.has(name)) KNOWN.set(name, read(name));
  return KNOWN.get(name);
}

/** A family of schemas, read when the first of its kinds is seen. */
export const familyOf = (name: string): Family => once(name) as Family;

/** The family of an API group; undefined where nothing is known of it. */
export function groupFamily(group: string): string | undefined {
  const groups = once('groups') as Readonly<Record<string, string>>;
  return Object.hasOwn(groups, group) ? groups[group] : undefined;
}
