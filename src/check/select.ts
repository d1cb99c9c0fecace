import { gravity, type Rule, type Severity } from './rule.ts';
import type { Diagnostic } from './run.ts';

interface Selection {
  readonly rules: readonly Rule[];
  /** Names that no rule has. */
  readonly unknown: readonly string[];
}

/** The rules that --rule and --ignore leave; `cross` names its whole group. */
export function selectRules(
  all: readonly Rule[],
  only: readonly string[],
  ignored: readonly string[],
): Selection {
  const names = (rule: Rule, name: string) => rule.id === name || rule.id.startsWith(`${name}/`);
  return {
    rules: all.filter(
      rule =>
        (only.length === 0 || only.some(name => names(rule, name))) &&
        !ignored.some(name => names(rule, name)),
    ),
    unknown: [...only, ...ignored].filter(name => !all.some(rule => names(rule, name))),
  };
}

export const atLeast = (found: readonly Diagnostic[], severity: Severity): readonly Diagnostic[] =>
  found.filter(each => gravity(each.severity) <= gravity(severity));
