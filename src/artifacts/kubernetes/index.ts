import type { Kind } from '../document.ts';
import { workloadComponents } from './facts.ts';
import { parseKubernetes } from './parse.ts';

export const kubernetes: Kind<'kubernetes'> = {
  id: 'kubernetes',
  title: 'Kubernetes manifest',
  comment: '#',
  names: /^(?!)/,
  content: text => /^["']?apiVersion["']?\s*:/m.test(text) && /^["']?kind["']?\s*:/m.test(text),
  parse: parseKubernetes,
  components: workloadComponents,
};
