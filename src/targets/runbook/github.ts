import type { ProjectModel } from '../../model/model.ts';
import { trailersOf } from '../../model/trailers.ts';
import { environmentsOf, settingsOf } from '../../model/workflow-settings.ts';
import { migratesIn, type Way, type Workflow, waysOf, workflowsOf } from '../../model/workflows.ts';

/** What the workflows need, and what they listen to; undefined where there are none. */
export function githubView(model: ProjectModel): object | undefined {
  const settings = settingsOf(model).map(({ needed, ...setting }) => ({
    ...setting,
    needed: needed ? 'needed' : 'optional',
  }));
  if (settings.length === 0) return undefined;
  const workflows = workflowsOf(model);
  const ways = waysOf(workflows);
  const goes = (deploy: Workflow) => ways.some(way => way.deploy === deploy);
  return {
    settings,
    environments: environmentsOf(model),
    kubernetes: goes('deploy-k8s'),
    cloudrun: goes('deploy-cloudrun'),
    deploys: ways.length > 0 && {
      branch: workflows.branch,
      places: listed(ways, 'and', ({ title }) => title),
      deploy: listed(ways, 'or', ({ title }) => `“Deploy to ${title}”`),
      rollback: listed(ways, 'and', ({ title }) => `“Roll back on ${title}”`),
      several: ways.length > 1,
      trailers: trailersOf(workflows),
      migrates: ways.some(({ models }) => migratesIn(models)),
      files: model.base.database?.migrations?.files,
    },
  };
}

const listed = (ways: readonly Way[], word: 'and' | 'or', name: (way: Way) => string): string =>
  ways.map(name).join(` ${word} `);
