import type { Kind } from '../document.ts';
import { windowsComponents } from '../windows-facts.ts';
import { windowsCommands } from '../windows-words.ts';

export const cmd: Kind<'cmd'> = {
  id: 'cmd',
  title: 'cmd script',
  comment: 'rem',
  names: /\.(?:cmd|bat)$/i,
  content: text => /^@?echo off\s*$/im.test(text),
  parse: text => ({
    body: windowsCommands(text, { continuation: '^', comment: /^\s*(?:@?rem\b|::)/i }),
    faults: [],
  }),
  components: windowsComponents,
};
