import { misordered, unmade } from '../../commands/sources.ts';
import type { Finding, Rule } from '../../rule.ts';

export const sourceNeverMade: Rule = {
  id: 'script/source-never-made',
  severity: 'error',
  title: 'a copy, a restore or a rollback of something that no step made',
  why: 'The rollback is read on the worst day: it copies back what nobody kept, and the release that was running is gone. A guide that uses a file before it makes it stops its reader in the middle.',
  fix: 'Keep it before it is replaced (`cp -a server server.bak`, a dump), under the name that the way back uses; put the step that makes a file before the first that needs it.',
  fixable: 'no',
  example: {
    bad: 'install -m 755 server /opt/app/server\n# rollback\nmv /opt/app/server.bak /opt/app/server',
    good: 'cp -a /opt/app/server /opt/app/server.bak\ninstall -m 755 server /opt/app/server\n# rollback\nmv /opt/app/server.bak /opt/app/server',
  },
  check: context => [
    ...unmade(context).map(({ step, later }): Finding => {
      const when = later ? 'is made only later' : 'is written by no step';
      return {
        at: step.at,
        message: `${step.by} takes ${step.name}, which ${when}`,
        ...(later ? { related: [{ ...later.at, message: 'made here' }] } : {}),
      };
    }),
    ...misordered(context).map(({ step, later }) => ({
      at: step.at,
      message: `${step.name} is used by ${step.by} before it is made`,
      related: [{ ...later.at, message: 'made here' }],
    })),
  ],
};
