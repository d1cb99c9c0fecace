import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newSince, readBaseline } from '../check/baseline.ts';
import { type Examined, examine } from '../check/check.ts';
import { type Ignore, isIgnored } from '../check/ignore.ts';
import { type Rule, type Severity, severityOf } from '../check/rule.ts';
import { RULES } from '../check/rules/all.ts';
import { type Diagnostic, runRules } from '../check/run.ts';
import { atLeast, selectRules } from '../check/select.ts';
import { shown } from '../check/shown.ts';
import type { Model } from '../model/model.ts';
import type { FindingsReport } from '../report/findings.ts';
import { reportFindings } from './check/report.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';

export interface CheckOptions {
  readonly severity: Severity;
  readonly rule?: readonly string[];
  readonly ignore?: readonly string[];
  readonly listRules?: boolean;
  readonly baseline?: string;
  readonly explain?: 'graph' | 'shutdown' | 'timeouts';
  /** `--fix deploy` takes the path for its level. */
  readonly fix?: true | string;
}

export async function checkPaths(
  context: Context,
  given: readonly string[],
  options: CheckOptions,
): Promise<ExitCode> {
  const level = options.fix === 'unsafe' ? 'unsafe' : 'safe';
  const paths =
    typeof options.fix === 'string' && !/^(?:un)?safe$/.test(options.fix) ? [options.fix, ...given] : given;
  const rules = chosenRules(options);
  if (options.listRules) return listRules(context, rules);
  const baseline = options.baseline === undefined ? undefined : baselineAt(context, options.baseline);
  const { model, ignores } = await projectOf(context, paths.length === 0);
  const ruleIds = RULES.map(rule => rule.id);
  const first = await examine(context.root, paths.length > 0 ? paths : ['.'], { model, ruleIds });
  if (first.missing.length > 0)
    throw new UsageError(`${first.missing.join(', ')}: no such file or folder in ${context.root}`);
  if (options.explain) {
    const { showView } = await import('./check/views.ts');
    return showView(context, options.explain, first.context);
  }
  const today = first.context.today;
  const judge = (examined: Examined) => {
    const found = runRules(rules, examined.context).filter(
      each => !ignores.some(ignore => isIgnored(ignore, each, today)),
    );
    return baseline ? newSince(found, baseline) : found;
  };
  const { fixing } = await import('./check/fixing.ts');
  const examined = options.fix ? await fixing(context, first, judge, level, { model, ruleIds }) : first;
  const findings = judge(examined);
  await reportFindings(context, reportOf(context, examined, findings), rules);
  return answer(findings, examined.judged, options.severity);
}

function reportOf(context: Context, examined: Examined, findings: readonly Diagnostic[]): FindingsReport {
  const lines = new Map<string, readonly string[]>();
  return {
    files: examined.judged,
    findings,
    skipped: examined.skipped,
    line: (file, line) => {
      const known = lines.get(file) ?? examined.context.texts.get(file)?.content.split('\n') ?? [];
      lines.set(file, known);
      return known[line - 1] === undefined ? undefined : shown(known[line - 1] ?? '');
    },
    version: context.version,
  };
}

/** What aideploy.yaml says, where there is one; without it the artifacts speak for themselves. */
async function projectOf(
  context: Context,
  asked: boolean,
): Promise<{ model?: Model; ignores: readonly Ignore[] }> {
  const isThere = existsSync(resolve(context.root, context.configFile));
  if (!isThere && context.configFile === 'aideploy.yaml' && context.environment === undefined)
    return { ignores: [] };
  const { readModel, readProject } = await import('./project.ts');
  try {
    const model = await readModel(context);
    return { model, ignores: (await readProject(context)).base.check.ignore };
  } catch (error) {
    if (asked || !(error instanceof Error) || error.name !== 'ConfigError') throw error;
    const [reason] = error.message.split('\n');
    context.note(`aideploy: ${context.configFile} is not valid and left out: ${reason}`);
    return { ignores: [] };
  }
}

function baselineAt(context: Context, file: string) {
  const path = resolve(context.root, file);
  if (!existsSync(path))
    throw new UsageError(`--baseline ${file}: no such file; check --format json --output ${file} writes one`);
  const baseline = readBaseline(readFileSync(path, 'utf8'));
  if (!baseline) throw new UsageError(`--baseline ${file}: not what check --format json writes`);
  return baseline;
}

/** What was asked is no when something is found, and has no answer when nothing was looked at. */
function answer(findings: readonly Diagnostic[], judged: number, severity: Severity): ExitCode {
  if (atLeast(findings, severity).length > 0) return EXIT.no;
  return judged === 0 ? EXIT.unknown : EXIT.yes;
}

function chosenRules({ rule = [], ignore = [] }: CheckOptions): readonly Rule[] {
  const { rules, unknown } = selectRules(RULES, rule, ignore);
  if (unknown.length > 0) throw new UsageError(`no rule ${unknown.join(', ')}; --list-rules names them all`);
  return rules;
}

function listRules(context: Context, rules: readonly Rule[]): ExitCode {
  if (context.format === 'json')
    context.json({ rules: rules.map(({ check, ...rule }) => ({ ...rule, severity: severityOf(rule) })) });
  else {
    const width = Math.max(0, ...rules.map(rule => rule.id.length));
    const lines = rules.map(rule => `${rule.id.padEnd(width)}  ${severityOf(rule).padEnd(7)}  ${rule.title}`);
    context.result(lines.join('\n'));
  }
  return EXIT.yes;
}
