import type { Target } from '../target.ts';
import { groupsOf } from './groups.ts';

/** No value is ever in it: what is secret is given by name. */
export const env: Target = {
  id: 'env',
  title: 'The variables that an operator sets, in .env.example',
  applies: () => true,
  render: (model, engine) => [
    {
      path: '.env.example',
      content: engine.render('env/.env.example', { name: model.name, groups: groupsOf(model) }),
      target: env.id,
    },
  ],
};
