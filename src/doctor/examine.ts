import type { Model } from '../model/model.ts';
import { everything, wantedBy } from './needs.ts';
import { probeAll } from './probe.ts';
import { checkGit, checkNode, checkVariables } from './project.ts';
import { isLacking, reportTools } from './report.ts';
import type { ProjectCheck, ToolReport } from './tool.ts';

interface Examination {
  readonly tools: readonly ToolReport[];
  readonly checks: readonly ProjectCheck[];
}

/** Looks at the outside tools, and at the project unless there is none. */
export async function examine(
  root: string,
  model: Model | undefined,
  rendered: readonly string[],
  known: readonly ProjectCheck[],
): Promise<Examination> {
  const wanted = model ? wantedBy(model, rendered) : everything;
  const [findings, git, variables] = await Promise.all([
    probeAll(wanted.tools, wanted.minimums),
    model ? checkGit(root, model.image.tag === undefined) : [],
    model?.targets.compose ? checkVariables(root) : undefined,
  ]);
  return {
    tools: reportTools(wanted, findings),
    checks: [checkNode(), ...known, ...git, ...(variables ? [variables] : [])],
  };
}

export const isWell = ({ tools, checks }: Examination): boolean =>
  !tools.some(isLacking) && checks.every(({ status }) => status !== 'failed');
