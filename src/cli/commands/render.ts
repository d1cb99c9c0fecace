import type { Declaration } from '../command.ts';
export const render: Declaration = {
  name: 'render',
  summary: 'writes the artifacts; keeps hand edits',
  declare() {},
  action: async () => 0,
};
