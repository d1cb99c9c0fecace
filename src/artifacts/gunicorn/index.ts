import type { Kind } from '../document.ts';
import { settings } from './settings.ts';

export const gunicorn: Kind<'gunicorn'> = {
  id: 'gunicorn',
  title: 'gunicorn configuration',
  comment: '#',
  names: /(?:^|\/)[^/]*gunicorn[^/]*\.py$/,
  parse: text => ({ body: settings(text.content), faults: [] }),
};
