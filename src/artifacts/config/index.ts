import type { Kind } from '../document.ts';
import { parseMapping } from '../yaml-mapping.ts';

/** The project's own configuration: what it says comes from the model, where it says so from here. */
export const config: Kind<'config'> = {
  id: 'config',
  title: 'aideploy.yaml',
  comment: '#',
  names: /(?:^|\/)aideploy\.ya?ml$/,
  parse: text => parseMapping(text, 'aideploy.yaml'),
};
