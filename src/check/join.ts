import { type Component, factOf } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';

/** Names that say what a thing is and not whose it is. */
const GENERIC = new Set('app application backend container main server service web'.split(' '));

/**
 * The name of the service that each component belongs to. The first of these joins two components:
 * the same image, the same name or label; and what is joined with a third is joined with each other.
 */
export function joined(components: readonly Component[]): readonly (string | undefined)[] {
  const parent = components.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] ?? at;
    return at;
  };
  const seen = new Map<string, number>();
  components.forEach((component, i) => {
    for (const key of keysOf(component)) {
      const other = seen.get(key);
      if (other === undefined) seen.set(key, i);
      else parent[Math.max(root(i), root(other))] = Math.min(root(i), root(other));
    }
  });
  const names = components.map((_, i) => nameOf(components.filter((__, j) => root(j) === root(i))));
  return aloneJoins(components, names);
}

function keysOf(component: Component): string[] {
  const keys = [component.name, ...component.aliases]
    .map(normal)
    .filter(name => name !== '' && !GENERIC.has(name))
    .map(name => `name ${name}`);
  // What a Dockerfile names is what it builds on.
  const image = component.form === 'image' ? undefined : factOf(component, 'image')?.value;
  return image && component.longRunning ? [`image ${image.repository}`, ...keys] : keys;
}

const normal = (name: string): string => name.toLowerCase().replace(/(?:@\d*)?\.(?:service|timer)$/, '');

function nameOf(group: readonly Component[]): string | undefined {
  const runs = group.filter(component => component.form !== 'image');
  const named = runs.find(component => !GENERIC.has(normal(component.name))) ?? runs[0] ?? group[0];
  if (!named) return undefined;
  const image = factOf(named, 'image')?.value;
  return normal(named.name) || (image ? shortName(image) : undefined);
}

/** A Dockerfile without a name of its own builds the only service that nobody else's image explains. */
function aloneJoins(
  components: readonly Component[],
  names: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const running = new Set(names.filter((_, i) => components[i]?.form !== 'image'));
  const built = components.filter(component => component.form === 'image');
  if (built.length !== 1 || running.size !== 1) return names;
  const [only] = running;
  return names.map((name, i) => (components[i]?.form === 'image' ? only : name));
}
