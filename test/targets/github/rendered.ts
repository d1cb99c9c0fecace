/** Every workflow that is rendered for a case. */
import { createEngine } from '../../../src/render/engine.ts';
import { github } from '../../../src/targets/github/index.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';
import { jobsOf, stepsOf } from './steps.ts';

export const engine = await createEngine();
export const cases = [...FIXTURE_CASES, ...ownCases('github')].filter(({ model }) => github.applies(model));
export const workflows = cases
  .filter(({ name }) => !name.includes('@'))
  .flatMap(({ name, model }) =>
    github
      .render(model, engine)
      .filter(({ path }) => path.endsWith('.yml'))
      .map(({ path, content }) => ({
        title: `${path.split('/').at(-1)} of ${name}`,
        content,
        jobs: jobsOf(content),
        steps: stepsOf(content),
      })),
  );
