import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import type { Declaration } from '../command.ts';
import { EXIT, UsageError } from '../exit.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

interface Options {
  /** What the scripts ask for while somebody types. */
  readonly names?: 'environments' | 'services';
}

/** Whose siblings are what can be completed. */
let declared: Command | undefined;

export const completion: Declaration = {
  name: 'completion',
  summary: 'prints a completion script for bash, zsh, fish or powershell',
  declare(command) {
    declared = command;
    command
      .addArgument(new Argument('[shell]', 'whose script').choices(SHELLS))
      .addOption(new Option('--names <list>').choices(['environments', 'services']).hideHelp())
      .addHelpText('after', '\nExample, in ~/.bashrc:\n  source <(aideploy completion bash)');
  },
  action: async (context, [shell], { names }: Options) => {
    if (names) {
      const { namesIn } = await import('../completion/names.ts');
      const found = await namesIn(resolve(context.root, context.configFile), names);
      if (found.length > 0) context.result(found.join('\n'));
      return EXIT.yes;
    }
    if (!shell) throw new UsageError(`completion: which shell? One of ${SHELLS.join(', ')}`);
    const script = await scriptFor(shell);
    if (context.format === 'json') context.json({ shell, script });
    else context.result(script);
    return EXIT.yes;
  },
};

async function scriptFor(shell: string): Promise<string> {
  if (!declared?.parent) throw new Error('the command was not declared');
  const [{ completionScript }, { COMMANDS }, { TARGETS }, { PRESET_NAMES }] = await Promise.all([
    import('../completion/script.ts'),
    import('./all.ts'),
    import('../../targets/all.ts'),
    import('../../init/presets.ts'),
  ]);
  return completionScript(shell, declared.parent, {
    targets: TARGETS.map(({ id }) => id),
    presets: PRESET_NAMES,
    formats: new Map(COMMANDS.map(({ name, formats }) => [name, formats ?? ['text', 'json']])),
  });
}
