import type { Kind } from '../document.ts';
import { composeComponents } from './facts.ts';
import { parseCompose } from './parse.ts';

/** An aideploy.yaml, whole or a part of it in a guide, has services too. */
const ANOTHER = /^(?:apiVersion|version: 1$|\s+language: (?:go|python|node)$)/m;

export const compose: Kind<'compose'> = {
  id: 'compose',
  title: 'compose file',
  comment: '#',
  names: /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
  content: text =>
    /^services:/m.test(text) &&
    /(?:^\s+|[{,]\s*)["']?(?:image|build)["']?:/m.test(text) &&
    !ANOTHER.test(text),
  parse: parseCompose,
  components: composeComponents,
};
