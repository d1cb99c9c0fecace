import type { Diagnostic } from './run.ts';
import { covers } from './suppress.ts';

/** An entry of `check.ignore` in aideploy.yaml. */
export interface Ignore {
  readonly rule: string;
  readonly file?: string | undefined;
  readonly reason: string;
  readonly until?: string | undefined;
}

/** Whether an entry that is in force covers a finding, wherever of its places the file is. */
export const isIgnored = (ignore: Ignore, { rule, at }: Diagnostic, today: string): boolean =>
  covers(ignore.rule, rule) &&
  (ignore.until === undefined || ignore.until >= today) &&
  (ignore.file === undefined || matches(ignore.file, at.file));

/** A path, a folder, or a pattern with `*` (within a folder) and `**`. */
export function matches(pattern: string, path: string): boolean {
  const clean = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  if (!clean.includes('*')) return path === clean || path.startsWith(`${clean}/`);
  return fits(clean.split('/'), path.split('/'));
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**') return path.some((_, i) => fits(rest, path.slice(i))) || fits(rest, []);
  return path.length > 0 && like(first, path[0] ?? '') && fits(rest, path.slice(1));
}

function like(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return pattern === name;
  if (!name.startsWith(head)) return false;
  const tail = parts.at(-1) ?? '';
  let at = head.length;
  for (const part of parts.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}
