import type { Kind } from '../document.ts';
import { parseEnv } from './parse.ts';

export const env: Kind<'env'> = {
  id: 'env',
  title: 'env file',
  comment: '#',
  names:
    /(?:^|\/)(?:\.env(?:\.(?![\w.-]*\b(?:[cm]?[jt]sx?|age|asc|enc|gpg|json|md|py|rb|sh|toml|vault|ya?ml)$)[\w.-]+)?|[\w.@-]*\.env(?:\.(?:example|sample|template|dist))?|env\.example)$/,
  content: (text, name) => {
    const lines = text.split('\n').filter(line => !/^\s*(?:#|;|$)/.test(line));
    const isVariable = (line: string) => /^\s*(?:export\s+)?[A-Z_][A-Z0-9_]*=/.test(line);
    // Java's own have dots in their names; kustomize's are variables, some of them in small letters.
    return /\.properties$/.test(name)
      ? lines.some(isVariable) && lines.every(line => /^\s*[A-Za-z_]\w*=/.test(line))
      : lines.length > 0 && lines.every(isVariable) && !lines.every(line => /^\s*export\s/.test(line));
  },
  parse: parseEnv,
};
