import { paths, reloads } from '../../host/environment.ts';
import { hostUnits } from '../../host/units.ts';
import type { Rule } from '../../rule.ts';

export const environment: Rule = {
  id: 'systemd/environment',
  severity: ['warning', 'info'],
  title: 'an environment that is not what the service needs, or not read again',
  why: 'PATH in a unit replaces the usual one and knows no $PATH, so a helper such as ffmpeg or sh is not found. Variables are read when the process starts: a reload after a change leaves the old ones, and preloaded code, in force.',
  fix: 'Name /usr/local/bin:/usr/bin:/bin behind your own folder; restart the service after a change of its environment.',
  fixable: 'no',
  example: {
    bad: 'Environment=PATH=/opt/chat/venv/bin',
    good: 'Environment=PATH=/opt/chat/venv/bin:/usr/local/bin:/usr/bin:/bin',
  },
  check: context => {
    const units = hostUnits(context);
    return [
      ...units.flatMap(paths),
      ...context.of('shell').flatMap(script => reloads(context, script, units)),
    ];
  },
};
