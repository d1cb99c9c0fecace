import type { Kind } from '../document.ts';
import { unitComponents } from './facts.ts';
import { parseUnit } from './parse.ts';

export const systemd: Kind<'systemd'> = {
  id: 'systemd',
  title: 'systemd unit',
  comment: '#',
  names: /\.(?:service|socket|timer|target|mount|automount|path|slice|swap|scope)(?:\.d\/[^/]+\.conf)?$/,
  // D-Bus and Avahi call their files `.service` too.
  foreign: /^\s*<|^\[D-BUS Service\]/,
  content: text => /^\[Service\]\s*$/m.test(text) && /^(?:Exec\w+|Environment\w*|Type)\s*=/m.test(text),
  parse: parseUnit,
  components: unitComponents,
};
