import { Option } from 'commander';
import type { CheckOptions } from '../check.ts';
import type { Action, Declaration } from '../command.ts';

const action: Action<CheckOptions> = async (context, args, options) => {
  const { checkPaths } = await import('../check.ts');
  return checkPaths(context, args, options);
};

const collect = (value: string, previous: string[] = []) => [...previous, ...value.split(',')];

export const check: Declaration = {
  name: 'check',
  summary: 'finds what is wrong in deployment files, one by one and against each other',
  action,
  declare(command) {
    command
      .argument('[path...]', 'files and folders (default: the project)')
      .addOption(
        new Option('--severity <severity>', 'what makes exit code 1')
          .choices(['error', 'warning', 'info'])
          .default('warning'),
      )
      .addOption(new Option('--rule <id>', 'only this rule or group (repeatable)').argParser(collect))
      .addOption(new Option('--ignore <id>', 'not this rule or group (repeatable)').argParser(collect))
      .option('--list-rules', 'what it looks for');
  },
};
