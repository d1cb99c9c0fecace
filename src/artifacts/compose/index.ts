import type { Kind } from '../document.ts';
import { composeComponents } from './facts.ts';
import { parseCompose } from './parse.ts';

export const compose: Kind<'compose'> = {
  id: 'compose',
  title: 'compose file',
  comment: '#',
  names: /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
  content: text =>
    /^services:/m.test(text) &&
    /(?:^\s+|[{,]\s*)["']?(?:image|build)["']?:/m.test(text) &&
    !/^(?:apiVersion|version: 1$)/m.test(text),
  parse: parseCompose,
  components: composeComponents,
};
