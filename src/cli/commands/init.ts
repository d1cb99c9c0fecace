import { Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { InitOptions } from '../init.ts';

const action: Action<InitOptions> = async (context, args, options) => {
  const { initialise } = await import('../init.ts');
  await initialise(context, args[0], options);
  return EXIT.yes;
};

export const init: Declaration = {
  name: 'init',
  summary: 'detects what is there, asks what it cannot know, writes aideploy.yaml',
  action,
  declare(command) {
    command
      .argument('[dir]', 'the project (default: --cwd)')
      .option('-y, --yes', 'ask nothing')
      .option('--from <file>', 'answers from a JSON or YAML file')
      .addOption(
        new Option('--set <path=value>', 'one answer, such as services.api.port=8081 (repeatable)').argParser(
          collect,
        ),
      )
      .option('--preset <name>', 'go-api, python-asgi, node-api, go-postgres or multi-service')
      .option('--dry-run', 'print the file and what was detected; write nothing')
      .option('--force', 'overwrite an existing aideploy.yaml');
  },
};

const collect = (value: string, previous: string[] = []) => [...previous, value];
