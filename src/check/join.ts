import { type Component, factOf } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';

/** Names that say what a thing is and not whose it is. */
const GENERIC = new Set('api app application backend container main server service web worker'.split(' '));

/**
 * The name of the service that each component belongs to. Two are joined by aideploy.yaml, by the same
 * image or Dockerfile, or by the same name or label; and what is joined with a third is joined with each other.
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
  const groups = new Map<number, Component[]>();
  components.forEach((component, i) => {
    groups.set(root(i), [...(groups.get(root(i)) ?? []), component]);
  });
  const names = new Map([...groups].map(([key, group]) => [key, nameOf(group)]));
  return aloneJoins(
    components,
    components.map((_, i) => names.get(root(i))),
  );
}

/** What an instance, a migration or a job adds to the name of its service is kept: they are others. */
const normal = (name: string): string => name.toLowerCase().replace(/(?:@\w*)?\.(?:service|timer)$/, '');

function keysOf(component: Component): string[] {
  if (component.form === 'route') return [];
  const own = [component.name, ...(component.platform === 'config' ? [] : component.aliases)]
    .map(normal)
    .filter(name => name !== '' && !name.includes(' ') && !GENERIC.has(name))
    .map(name => `name ${name}`);
  // The name of a service in compose and in aideploy.yaml is one, however generic.
  const key =
    component.platform === 'config'
      ? component.aliases[0]
      : component.platform === 'compose'
        ? component.name
        : undefined;
  const keys = key ? [...own, `key ${key}`] : own;
  if (component.form === 'image') return [...keys, `dockerfile ${component.scope}`];
  if (!component.longRunning) return keys;
  const [image, build] = [factOf(component, 'image')?.value, factOf(component, 'build')?.value];
  const short = image && !GENERIC.has(shortName(image)) ? [`name ${shortName(image)}`] : [];
  return [
    ...keys,
    ...(image ? [`image ${image.repository}`, ...short] : []),
    ...(build?.dockerfile ? [`dockerfile ${build.dockerfile}`] : []),
  ];
}

function nameOf(group: readonly Component[]): string | undefined {
  const configured = group.find(component => component.platform === 'config');
  const runs = group.filter(component => component.form !== 'image' && component.form !== 'route');
  const named = configured ?? runs.find(component => !GENERIC.has(normal(component.name))) ?? runs[0];
  if (!named) return undefined;
  const image = factOf(named, 'image')?.value;
  return normal(named.name) || (image ? shortName(image) : undefined);
}

/** A Dockerfile without a name of its own builds the only service that there is. */
function aloneJoins(
  components: readonly Component[],
  names: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const running = new Set(names.filter((name, i) => name !== undefined && components[i]?.longRunning));
  const images = components.filter(component => component.form === 'image');
  if (images.length !== 1 || running.size !== 1) return names;
  const [only] = running;
  return names.map((name, i) => (components[i]?.form === 'image' ? only : name));
}
