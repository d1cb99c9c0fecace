import { Option } from 'commander';
import type { CheckOptions } from '../check.ts';
import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';

const action: Action<CheckOptions> = async (context, args, options) => {
  const { checkPaths } = await import('../check.ts');
  return checkPaths(context, args, options);
};

export const check: Declaration = {
  name: 'check',
  summary: 'finds what is wrong in deployment files, one by one and against each other',
  formats: ['text', 'json', 'sarif', 'junit', 'github'],
  action,
  declare(command) {
    command
      .argument('[path...]', 'files and folders (default: the project)')
      .addOption(
        new Option('--severity <severity>', 'what makes exit code 1')
          .choices(['error', 'warning', 'info'])
          .default('warning'),
      )
      .addOption(new Option('--rule <id>', 'only this rule or group (repeatable)').argParser(list))
      .addOption(new Option('--ignore <id>', 'not this rule or group (repeatable)').argParser(list))
      .option('--fix [level]', 'make the edits that are safe; --fix=unsafe makes more')
      .option('--baseline <file>', 'only what is new since that `check --format json`')
      .addOption(
        new Option('--explain <view>', 'show how it fits together instead').choices([
          'timeouts',
          'shutdown',
          'graph',
        ]),
      )
      .option('--list-rules', 'what it looks for');
  },
};
