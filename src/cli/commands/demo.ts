import type { Action, Declaration } from '../command.ts';

const action: Action<object> = async (context, args) => {
  const { tour } = await import('../demo.ts');
  return tour(context, args[0]);
};

export const demo: Declaration = {
  name: 'demo',
  summary: 'shows it all with a sample AI service, in a temporary folder',
  action,
  declare(command) {
    command.argument('[dir]', 'an empty folder to use instead of a temporary one');
  },
};
