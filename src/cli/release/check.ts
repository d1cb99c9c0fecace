import { examine } from '../../check/check.ts';
import { isIgnored } from '../../check/ignore.ts';
import { RULES } from '../../check/rules/all.ts';
import { runRules } from '../../check/run.ts';
import type { ProjectModel } from '../../model/model.ts';
import type { StoredFile } from '../../release/release.ts';
import type { Context } from '../context.ts';
import { readProject } from '../project.ts';

/** The errors of what is about to be deployed, as `aideploy check` words them. */
export async function checkFiles(
  context: Context,
  model: ProjectModel,
  files: readonly StoredFile[],
): Promise<readonly string[]> {
  const { ignore } = (await readProject(context)).base.check;
  const ruleIds = RULES.map(rule => rule.id);
  const examined = await examine(
    context.root,
    files.map(({ path }) => path),
    { model, ruleIds },
  );
  return runRules(RULES, examined.context)
    .filter(({ severity }) => severity === 'error')
    .filter(found => !ignore.some(each => isIgnored(each, found, examined.context.today)))
    .map(({ at, rule, message }) => `${at.file}:${at.line}:${at.column}: ${message} (${rule})`);
}
