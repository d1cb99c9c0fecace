/** The values that variables have where a text is read; undefined where only the reader's machine knows. */
export type Lookup = (name: string) => string | undefined;

const REFERENCE = /\$(?:\$|\{(\w+)(?:(:?[-?+])((?:[^{}]|\$\{[^{}]*\})*))?\}|(\w+))/g;

/**
 * `$X`, `${X}`, `${X:-fallback}` and `$$` as compose and the shell fill them in.
 * Undefined as soon as one of them cannot be known.
 */
export function interpolated(text: string, lookup: Lookup): string | undefined {
  const { result, known } = filled(text, lookup);
  return known ? result : undefined;
}

/** The same with `*` for what cannot be known. */
export const partlyInterpolated = (text: string, lookup: Lookup): string => filled(text, lookup).result;

function filled(text: string, lookup: Lookup): { result: string; known: boolean } {
  let known = true;
  const result = text.replace(
    REFERENCE,
    (whole, braced?: string, operator?: string, word?: string, bare?: string) => {
      if (whole === '$$') return '$';
      const value = lookup(braced ?? bare ?? '');
      const present = value !== undefined && (value !== '' || !operator?.startsWith(':'));
      if (operator?.endsWith('+')) return present ? (interpolated(word ?? '', lookup) ?? fail()) : '';
      if (present) return value;
      return operator?.endsWith('-') ? (interpolated(word ?? '', lookup) ?? fail()) : fail();
    },
  );
  function fail(): string {
    known = false;
    return '*';
  }
  return { result, known };
}
