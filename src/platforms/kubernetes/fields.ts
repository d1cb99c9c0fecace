/**
 * Whether an object says something of a field, by a path as the API server writes it:
 * `.spec.template.spec.containers[name="chat"].image`, `.metadata.annotations.example.com/of`, `.rules[0]`.
 * https://pkg.go.dev/sigs.k8s.io/structured-merge-diff/v4/fieldpath
 */
export function hasField(value: unknown, path: string): boolean {
  if (path === '') return value !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  if (path.startsWith('.'))
    // A key may hold dots, and those of another one.
    return Object.entries(value).some(
      ([key, inner]) => path.startsWith(`.${key}`) && hasField(inner, path.slice(key.length + 1)),
    );
  const [whole, selector] = /^\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/.exec(path) ?? [];
  if (whole === undefined || selector === undefined || !Array.isArray(value)) return false;
  const rest = path.slice(whole.length);
  return value.some((item, index) => isSelected(item, index, selector) && hasField(item, rest));
}

/** `name="chat"`, several of them, `="of a set"`, or a place in the list. */
function isSelected(item: unknown, index: number, selector: string): boolean {
  if (/^\d+$/.test(selector)) return index === Number(selector);
  const pairs = [...selector.matchAll(/([^=,"]*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  return pairs.every(([, key = '', wanted = '']) => {
    const own = key === '' ? item : (item as Record<string, unknown> | null)?.[key];
    // A default of the server that nobody writes, such as the protocol of a port.
    return own === undefined || JSON.stringify(own) === wanted;
  });
}
