import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { examine } from '../check/check.ts';
import { type Rule, type Severity, severityOf } from '../check/rule.ts';
import { RULES } from '../check/rules/all.ts';
import { type Diagnostic, runRules } from '../check/run.ts';
import { atLeast, selectRules } from '../check/select.ts';
import type { Model } from '../model/model.ts';
import type { FindingsReport } from '../report/findings.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';

export interface CheckOptions {
  readonly severity: Severity;
  readonly rule?: readonly string[];
  readonly ignore?: readonly string[];
  readonly listRules?: boolean;
}

export async function checkPaths(
  context: Context,
  paths: readonly string[],
  options: CheckOptions,
): Promise<ExitCode> {
  const rules = chosenRules(options);
  if (options.listRules) return listRules(context, rules);
  const examined = await examine(
    context.root,
    paths.length > 0 ? paths : ['.'],
    await modelOf(context, paths.length === 0),
  );
  if (examined.missing.length > 0)
    throw new UsageError(`${examined.missing.join(', ')}: no such file or folder in ${context.root}`);
  const findings = runRules(rules, examined.context);
  await report(context, {
    files: examined.judged,
    findings,
    skipped: examined.skipped,
    line: (file, line) => examined.context.texts.get(file)?.content.split('\n')[line - 1],
    version: context.version,
  });
  return answer(findings, examined.judged, options.severity);
}

/** What aideploy.yaml says, where there is one; without it the artifacts speak for themselves. */
async function modelOf(context: Context, asked: boolean): Promise<Model | undefined> {
  const isThere = existsSync(resolve(context.root, context.configFile));
  if (!isThere && context.configFile === 'aideploy.yaml' && context.environment === undefined)
    return undefined;
  const { readModel } = await import('./project.ts');
  try {
    return await readModel(context);
  } catch (error) {
    if (asked || !(error instanceof Error) || error.name !== 'ConfigError') throw error;
    context.note(
      `aideploy: ${context.configFile} is not valid and left out: ${error.message.split('\n')[0]}`,
    );
    return undefined;
  }
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
    context.result(
      rules.map(rule => `${rule.id.padEnd(width)}  ${severityOf(rule).padEnd(7)}  ${rule.title}`).join('\n'),
    );
  }
  return EXIT.yes;
}

async function report(context: Context, findings: FindingsReport): Promise<void> {
  if (context.format === 'json') {
    const { findingsJson } = await import('../report/findings-json.ts');
    context.json(findingsJson(findings));
  } else {
    const { findingsText } = await import('../report/findings-text.ts');
    context.result(findingsText(findings));
  }
}
