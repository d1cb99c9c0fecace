import { factsOf } from '../../../artifacts/fact.ts';
import { cloudRunServices, titledService } from '../../cloudrun.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const floatingSecret: Rule = {
  id: 'cloudrun/floating-secret',
  severity: 'warning',
  title: 'a secret in its latest version',
  why: 'A revision is rolled back to with the secret of today: after a key was exchanged for a broken one, the old revision fails as the new one does. And instances of one revision read different versions, each that of its start.',
  fix: 'Name the number of the version, and deploy a revision for a new one.',
  fixable: 'no',
  example: { bad: '--set-secrets=API_KEY=api-key:latest', good: '--set-secrets=API_KEY=api-key:3' },
  check: context =>
    oncePerPlace(
      cloudRunServices(context).flatMap((member): Finding[] => {
        const floating = factsOf(member, 'secret.version').filter(({ value }) => value.version === 'latest');
        // Several secrets may stand in one flag.
        return floating.map(({ at }) => {
          const here = floating.filter(
            each => each.at.line === at.line && each.at.column === at.column && each.at.file === at.file,
          );
          const names = [...new Set(here.map(each => each.value.secret))];
          return { at, message: `${titledService(member)} reads the latest version of ${listed(names)}` };
        });
      }),
    ),
};
