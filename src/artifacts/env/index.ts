import type { Kind } from '../document.ts';
import { parseEnv } from './parse.ts';

export const env: Kind<'env'> = {
  id: 'env',
  title: 'env file',
  comment: '#',
  names: /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.@-]*\.env(?:\.(?:example|sample|template|dist))?|env\.example)$/,
  content: text => {
    const lines = text.split('\n').filter(line => !/^\s*(?:#|;|$)/.test(line));
    return lines.length > 0 && lines.every(line => /^\s*(?:export\s+)?[A-Z_][A-Z0-9_]*=/.test(line));
  },
  parse: parseEnv,
};
