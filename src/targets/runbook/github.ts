import type { ProjectModel } from '../../model/model.ts';
import { trailersOf } from '../../model/trailers.ts';
import { environmentsOf, settingsOf } from '../../model/workflow-settings.ts';
import { migratesIn, workflowsOf } from '../../model/workflows.ts';

/** What the workflows need, and what they listen to; undefined where there are none. */
export function githubView(model: ProjectModel): object | undefined {
  const settings = settingsOf(model).map(({ needed, ...setting }) => ({
    ...setting,
    needed: needed ? 'needed' : 'optional',
  }));
  if (settings.length === 0) return undefined;
  const workflows = workflowsOf(model);
  const { names, branch, clusters } = workflows;
  return {
    settings,
    environments: environmentsOf(model),
    kubernetes: names.includes('deploy-k8s') && {
      branch,
      trailers: trailersOf(workflows),
      migrates: migratesIn(clusters),
      files: model.base.database?.migrations?.files,
    },
  };
}
