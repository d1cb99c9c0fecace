import type { Kind } from '../document.ts';
import { routeComponents } from './facts.ts';
import { parseNginx } from './parse.ts';

const DIRECTIVE =
  /^\s*(?:server\s*\{|upstream\s+\S+\s*\{|location\s+[^{;]+\{|(?:proxy_pass|fastcgi_pass|server_name|ssl_certificate|listen)\s[^;]*;)/m;

export const nginx: Kind<'nginx'> = {
  id: 'nginx',
  title: 'nginx configuration',
  comment: '#',
  names:
    /(?:^|\/)(?:nginx[^/]*\.conf|(?:nginx|conf\.d|snippets)\/(?:[^/]*\/)*[^/]+\.conf|sites-(?:available|enabled)\/[^/]+)$/,
  // Apache, supervisor and PHP-FPM have a conf.d and sites too; Dovecot has blocks and `listen =`.
  foreign: /^\s*(?:<\/?[A-Za-z]|\[[^\]\n]*\]\s*$|(?!location\b)[a-z]\w*\s*=(?![^\n]*;\s*$))/m,
  content: text => DIRECTIVE.test(text) && /\b(?:proxy_pass|server_name|upstream|listen)\b/.test(text),
  parse: parseNginx,
  components: routeComponents,
};
