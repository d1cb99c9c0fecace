import { overwrittenPrograms } from '../../commands/replacements.ts';
import type { Rule } from '../../rule.ts';

export const replaceRunning: Rule = {
  id: 'script/replace-running',
  severity: 'error',
  title: 'a program that is overwritten while it runs',
  why: 'The kernel refuses to write to a binary that runs ("Text file busy"), and a script that is read while it is overwritten goes on in the middle of the new one: the deploy fails half way, with the old program gone or broken.',
  fix: 'Write the new file beside and rename it: `install -m 755 server server.new && mv server.new server`; or stop the service first.',
  fixable: 'unsafe',
  example: {
    bad: 'cp server /opt/app/server\nsystemctl restart app',
    good: 'cp server /opt/app/server.new\nmv -f /opt/app/server.new /opt/app/server\nsystemctl restart app',
  },
  check: overwrittenPrograms,
};
