import type { Kind } from '../document.ts';
import { windowsComponents } from '../windows-facts.ts';
import { windowsCommands } from '../windows-words.ts';

export const powershell: Kind<'powershell'> = {
  id: 'powershell',
  title: 'PowerShell script',
  comment: '#',
  names: /\.psm?1$/i,
  content: text =>
    /^\s*(?:New-Service|Register-ScheduledTask|Set-Service|New-ScheduledTask\w*|nssm(?:\.exe)?\s+(?:install|set))\b/im.test(
      text,
    ) && /\$\w+|-\w+/.test(text),
  parse: text => ({ body: windowsCommands(text, { continuation: '`', comment: /^\s*#/ }), faults: [] }),
  components: windowsComponents,
};
