import { type Command, Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';
import { type ReleasesOptions, STATE_HELP } from '../release/options.ts';

const action: Action<ReleasesOptions> = async (context, args, options) => {
  const { showRecord } = await import('../release/releases.ts');
  return showRecord(context, args, options);
};

export const releases: Declaration = {
  name: 'releases',
  summary: 'the record: what was deployed where, when, by whom, verified or not',
  action,
  declare(command: Command) {
    command
      .argument('[action]', '`unlock` breaks the lock of a run that is gone')
      .option('--platform <name>', 'of which platform (default: the only one rendered for)')
      .addOption(new Option('--host <user@host>', 'where it runs, by ssh (repeatable)').argParser(list))
      .option('--build <dir>', 'what scripts/build.sh made, for hosts', 'build')
      .addHelpText('after', STATE_HELP);
  },
};
