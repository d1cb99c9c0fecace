/** The shape of a JSON document: its keys, with a value of each type in the place of what was found. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(fullest(value))] : [];
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)] as const);
    const [file] = entries.filter(([key]) => /[./]/.test(key));
    return file ? { '<file>': file[1] } : Object.fromEntries(entries);
  }
  if (typeof value === 'string') return '…';
  if (typeof value === 'boolean') return true;
  return typeof value === 'number' ? 0 : value;
}

/** Of elements alike, one that says the most, and leaves the least open. */
function fullest(elements: readonly unknown[]): unknown {
  const told = (element: unknown) => JSON.stringify(shapeOf(element)).replaceAll('null', '').length;
  return [...elements].sort((a, b) => told(b) - told(a))[0];
}

/** One line a key. */
export function shapeText(document: object): string {
  const lines = Object.entries(document).map(
    ([key, value]) =>
      `  "${key}": ${key === 'version' ? value : JSON.stringify(shapeOf(value)).replaceAll(/([,:])(?=["[{0tfn])/g, '$1 ')}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
