import { installedAgain, unfiltered } from '../../containers/copies.ts';
import type { Rule } from '../../rule.ts';

export const buildContext: Rule = {
  id: 'docker/context',
  severity: 'warning',
  title: 'a build that takes more than it needs, or does its work again',
  why: 'What COPY . takes with it is in the image for whoever pulls it: .env with its keys, the history of the repository with everything that was ever in it. Copied before the dependencies, one changed line installs them all again.',
  fix: 'Keep .env*, .git and keys out by a .dockerignore; copy the list of dependencies, install them, then copy the rest.',
  fixable: 'safe',
  example: {
    bad: 'COPY . .\nRUN pip install -r requirements.txt',
    good: 'COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY app app',
  },
  check: context => [...unfiltered(context), ...context.of('dockerfile').flatMap(installedAgain)],
};
