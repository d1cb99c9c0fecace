import type { Edit, Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';

export type Severity = 'error' | 'warning' | 'info';

/** From the gravest. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * - safe: means the same, can be applied again without effect, and the file parses as before
 * - unsafe: may change what the artifact does, so it is asked for
 * - no: advice only
 */
export type Fixable = 'safe' | 'unsafe' | 'no';

/** One thing that is wrong, placed where the edit belongs. */
export interface Finding {
  readonly at: Place;
  /** What is wrong, with the values found. */
  readonly message: string;
  /** Where the rule knows several; the rule's own otherwise. */
  readonly severity?: Severity;
  /** Every other place that the finding rests on, with what stands there. */
  readonly related?: readonly Related[];
  /** What to do here, where it is more exact than what the rule says. */
  readonly fix?: string;
  /** The edits that do it; absent where this finding needs a person although the rule has a fix. */
  readonly edits?: readonly Edit[];
}

export interface Related extends Place {
  readonly message: string;
}

/** A unit of check: finds one kind of mistake and never prints. */
export interface Rule {
  /** `<group>/<name>`, like its file. */
  readonly id: string;
  /** Of its findings that do not say; a rule that knows several lists the gravest first. */
  readonly severity: Severity | readonly [Severity, ...Severity[]];
  /** What it finds, in a few words without a full stop. */
  readonly title: string;
  /** What goes wrong for whom, and when. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  readonly fixable: Fixable;
  /** The same lines with the mistake and without. */
  readonly example: { readonly bad: string; readonly good: string };
  /** It reports that something is missing (∅): silent where only single files were named or something was skipped. */
  readonly closedSet?: true;
  /** Rules of a single file whose findings at the same place this one explains. */
  readonly explains?: readonly string[];
  check(context: Context): readonly Finding[];
}

/** The gravest severity that a rule has. */
export const severityOf = (rule: Pick<Rule, 'severity'>): Severity =>
  typeof rule.severity === 'string' ? rule.severity : rule.severity[0];

export const gravity = (severity: Severity): number => SEVERITIES.indexOf(severity);

const DOCS = 'https://github.com/aideploy/aideploy/blob/main/docs/rules';

export const docsOf = (id: string): string => `${DOCS}/${id}.md`;
