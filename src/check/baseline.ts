import type { Diagnostic } from './run.ts';

/** What was known before: the document of an earlier `check --format json`. */
interface Baseline {
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly message: string }[];
}

/** Undefined where the text is no such document. */
export function readBaseline(text: string): Baseline | undefined {
  try {
    const { findings } = JSON.parse(text) as Partial<Baseline>;
    const fits =
      Array.isArray(findings) &&
      findings.every(each => typeof each?.rule === 'string' && typeof each.file === 'string');
    return fits ? { findings } : undefined;
  } catch {
    return undefined;
  }
}

/** What is new since: lines may have moved, and a finding that is there twice now was to be there twice. */
export function newSince(found: readonly Diagnostic[], { findings }: Baseline): readonly Diagnostic[] {
  const left = new Map<string, number>();
  for (const { rule, file, message } of findings) {
    const key = JSON.stringify([rule, file, message]);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return found.filter(({ rule, at, message }) => {
    const key = JSON.stringify([rule, at.file, message]);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}
