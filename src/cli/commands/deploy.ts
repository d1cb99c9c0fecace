import { type Command, Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';
import { type DeployOptions, PLATFORMS, STATE_HELP } from '../release/options.ts';

const action: Action<DeployOptions> = async (context, args, options) => {
  const { deployRelease } = await import('../release/deploy.ts');
  return deployRelease(context, args, options);
};

export const deploy: Declaration = {
  name: 'deploy',
  summary: 'check, backup, apply, wait, verify, record; rolls back when verify says no',
  action,
  declare(command: Command) {
    command
      .argument('<platform>', PLATFORMS.join(', '))
      .addOption(
        new Option('--host <user@host>', 'where it runs, by ssh; one after the other (repeatable)').argParser(
          list,
        ),
      )
      .option('--tag <tag>', 'the release (default: $AIDEPLOY_TAG, the configuration, or git describe)')
      .addOption(
        new Option(
          '--image <service=image>',
          'this image of a service, by its digest, instead of what the tag stands for (repeatable)',
        ).argParser(list),
      )
      .option('--dry-run', 'the steps; nothing is changed')
      .option('--no-verify', 'do not verify it: it is not returned to later')
      .option('--no-rollback', 'leave it as it is when it fails')
      .option('--record-only', 'another tool, such as Argo CD or Flux, applies: wait for it, verify, record')
      .addOption(
        new Option(
          '--migration <kind>',
          'expand: the release before works with the database after its migrations; contract: it does not',
        ).choices(['expand', 'contract']),
      )
      .option('--build <dir>', 'what scripts/build.sh made, for hosts', 'build')
      .option('--url <url>', 'where it is verified (default: the domain, else this machine)')
      .option('--token-from <variable>', 'verify with the token of this variable')
      .option('--wait <duration>', 'the longest that verification waits for it to pass, such as 2m')
      .addHelpText('after', STATE_HELP);
  },
};
