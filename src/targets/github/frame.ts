import type { ProjectModel } from '../../model/model.ts';
import { PACKAGE } from '../../model/program.ts';
import type { Workflows } from '../../model/workflows.ts';
import { actions } from './actions.ts';
import { toolchainsOf } from './toolchains.ts';
import { tools } from './tools.ts';

/** What every workflow says. */
export const frame = ({ base }: ProjectModel, { branch, services }: Workflows): object => ({
  name: base.name,
  branch,
  // A version, so that a new image of the runner is a decision.
  runner: 'ubuntu-24.04',
  package: PACKAGE,
  actions,
  tools,
  ...toolchainsOf(services),
});
