import { type Command, Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';
import { PLATFORMS, type RollbackOptions, STATE_HELP } from '../release/options.ts';

const action: Action<RollbackOptions> = async (context, args, options) => {
  const { rollBack } = await import('../release/rollback.ts');
  return rollBack(context, args, options);
};

export const rollback: Declaration = {
  name: 'rollback',
  summary: 'returns to the last verified release, and verifies it',
  action,
  declare(command: Command) {
    command
      .argument('[platform]', `${PLATFORMS.join(', ')} (default: the only one rendered for)`)
      .addOption(
        new Option('--host <user@host>', 'where it runs, by ssh; one after the other (repeatable)').argParser(
          list,
        ),
      )
      .option('--to <release>', 'this one instead of the last verified one before the current')
      .option('--list', 'the releases that can be returned to')
      .option('--dry-run', 'the steps, and what is not reverted; nothing is changed')
      .option('--with-database <backup>', 'restore this backup too, after a dump of what is there')
      .option('--across-migrations', 'although migrations ran since that the older program may not work with')
      .option('--no-verify', 'do not verify it')
      .option('--build <dir>', 'what scripts/build.sh made, for hosts', 'build')
      .option('--url <url>', 'where it is verified (default: the domain, else this machine)')
      .option('--token-from <variable>', 'verify with the token of this variable')
      .option('--wait <duration>', 'the longest that verification waits for it to pass, such as 2m')
      .option('--yes', 'do not ask')
      .addHelpText('after', STATE_HELP);
  },
};
