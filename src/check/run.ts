import { byPlace, compare, type Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';
import {
  docsOf,
  type Finding,
  type Fixable,
  type Related,
  type Rule,
  type Severity,
  severityOf,
} from './rule.ts';
import { shown } from './shown.ts';
import { faultOf, isSuppressed } from './suppress.ts';

/** A finding with everything that its rule says of it: what is reported. */
export interface Diagnostic {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Place;
  readonly related: readonly Related[];
  readonly fix: string;
  readonly fixable: Fixable;
  readonly edits: NonNullable<Finding['edits']>;
  readonly docs: string;
}

/** Every finding of the rules, in the order of places. */
export function runRules(rules: readonly Rule[], context: Context): readonly Diagnostic[] {
  const found = rules
    .filter(rule => !rule.closedSet || context.closed)
    .flatMap(rule => rule.check(context).map(finding => diagnostic(rule, finding)));
  const inForce = context.suppressions.filter(each => !faultOf(each, context.ruleIds, context.today));
  return unique(withoutExplained(found, rules))
    .filter(each => !inForce.some(suppression => isSuppressed(suppression, each.rule, each.at)))
    .sort(byOrder);
}

function diagnostic(rule: Rule, finding: Finding): Diagnostic {
  const edits = finding.edits ?? [];
  return {
    rule: rule.id,
    severity: finding.severity ?? severityOf(rule),
    message: shown(finding.message),
    at: finding.at,
    related: (finding.related ?? []).map(each => ({ ...each, message: shown(each.message) })),
    fix: finding.fix ?? rule.fix,
    fixable: edits.length > 0 ? rule.fixable : 'no',
    edits,
    docs: docsOf(rule.id),
  };
}

/** One cause gives one finding: what a rule over several artifacts explains is not said again by one over a single. */
function withoutExplained(found: readonly Diagnostic[], rules: readonly Rule[]): readonly Diagnostic[] {
  const explained = new Set<string>();
  for (const rule of rules)
    for (const other of rule.explains ?? [])
      for (const each of found)
        if (each.rule === rule.id)
          for (const place of [each.at, ...each.related])
            explained.add(`${other} ${place.file}:${place.line}`);
  return found.filter(each => !explained.has(`${each.rule} ${each.at.file}:${each.at.line}`));
}

/** One place may be reached over several ways: a file that two others include is still one file. */
function unique(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return found.filter(({ rule, at, message }) => {
    const key = `${rule} ${at.file}:${at.line}:${at.column} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const byOrder = (a: Diagnostic, b: Diagnostic): number =>
  byPlace(a.at, b.at) || compare(a.rule, b.rule) || compare(a.message, b.message);
