import { Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import type { RenderOptions } from '../render.ts';

const action: Action<RenderOptions> = async (context, args, options) => {
  const { renderProject } = await import('../render.ts');
  return renderProject(context, args, options);
};

export const render: Declaration = {
  name: 'render',
  summary: 'writes the artifacts; keeps hand edits',
  action,
  declare(command) {
    command
      .argument('[target...]', 'what to render (default: the targets of the configuration)')
      .option('--dry-run', 'show what would change as a diff; write nothing')
      .option('--check', 'exit 1 when a render would change a file; write nothing')
      .option('--stdout <target>', 'print the artifacts of one target; write nothing')
      .option('--force', 'drop hand edits, and overwrite files that were there before')
      .option('--prune', 'remove artifacts that are no longer rendered and were never edited')
      .addOption(
        new Option('--keep-mine <path>', 'settle a conflict: the file as it is stays (repeatable)').argParser(
          (value: string, previous: string[] = []) => [...previous, value],
        ),
      )
      .option('--eject <target>', 'copy its templates to .aideploy/templates, to be changed there')
      .option('--tag <tag>', 'write this image tag instead of leaving it to deploy time')
      .option(
        '--explain-secrets',
        'github: the secrets, variables and environments that the workflows need; write nothing',
      );
  },
};
