/** Objects with one thing made wrong at random: a key renamed, a value of another type, something gone, added or wrapped. */
type Tree = Record<string | number, unknown>;

/** Numbers below 1 that are the same for the same seed. */
export function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

export function mutant(object: Tree, random: () => number): Tree {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const copy = structuredClone(object);
  const places = placesOf(copy).filter(
    ([parent, key]) => parent !== copy || (key !== 'apiVersion' && key !== 'kind'),
  );
  const [parent, key] = pick(places);
  const value = parent[key];
  switch (pick(['absent', 'added', 'renamed', 'typed', 'wrapped'])) {
    case 'absent':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      break;
    case 'added':
      if (isTree(value)) value['unknownThing'] = pick([1, 'x', {}]);
      break;
    case 'renamed':
      if (typeof key === 'string') {
        delete parent[key];
        parent[`${key}x`] = value;
      }
      break;
    case 'typed':
      parent[key] = typeof value === 'string' ? pick([7, true, ['a'], { a: 1 }]) : pick(['text', [1], 1.5]);
      break;
    default:
      parent[key] = Array.isArray(value) ? (value[0] ?? 'x') : [value];
  }
  return copy;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function placesOf(node: unknown): [Tree, number | string][] {
  if (typeof node !== 'object' || node === null) return [];
  const parent = node as Tree;
  return Object.keys(parent).flatMap(name => {
    const key = Array.isArray(node) ? Number(name) : name;
    return [[parent, key], ...placesOf(parent[key])] as [Tree, number | string][];
  });
}
