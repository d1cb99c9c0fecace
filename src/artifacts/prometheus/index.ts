import type { Kind } from '../document.ts';
import { parseMapping } from '../yaml-mapping.ts';

export const prometheus: Kind<'prometheus'> = {
  id: 'prometheus',
  title: 'Prometheus configuration',
  comment: '#',
  names: /(?:^|\/)prometheus\.ya?ml$/,
  content: text => /^scrape_configs:/m.test(text),
  parse: text => parseMapping(text, 'a Prometheus configuration'),
};

export const prometheusRules: Kind<'prometheus-rules'> = {
  id: 'prometheus-rules',
  title: 'Prometheus rules',
  comment: '#',
  names: /^(?!)/,
  content: text => /^groups:/m.test(text) && /^\s+(?:-\s+)?(?:alert|record|expr):/m.test(text),
  parse: text => parseMapping(text, 'a file of rules', 'groups'),
};

export const alertmanager: Kind<'alertmanager'> = {
  id: 'alertmanager',
  title: 'Alertmanager configuration',
  comment: '#',
  names: /(?:^|\/)alertmanager\.ya?ml$/,
  content: text => /^route:/m.test(text) && /^receivers:/m.test(text),
  parse: text => parseMapping(text, 'an Alertmanager configuration', 'route', 'receivers'),
};
