import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';
import type { VerifyOptions } from '../verify.ts';

const action: Action<VerifyOptions> = async (context, _, options) => {
  const { verifyDeployment } = await import('../verify.ts');
  return verifyDeployment(context, options);
};

export const verify: Declaration = {
  name: 'verify',
  summary: 'proves that a deployment works',
  action,
  declare(command) {
    command
      .option('--url <url>', 'where it answers; works without a configuration too')
      .option('--only <id>', 'only this probe, such as ready or ready/api (repeatable)', list)
      .option('--skip <id>', 'all but this probe (repeatable)', list)
      .option('--list-probes', 'name the probes and what each proves');
  },
};
