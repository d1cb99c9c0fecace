import type { ProjectModel } from '../../model/model.ts';
import { workflowsOf } from '../../model/workflows.ts';

const NEEDS = { 'deploy-k8s': 'kubernetes', 'deploy-cloudrun': 'cloudrun' } as const;

/** What was asked for and is not rendered, and why. */
export function notesOf(model: ProjectModel): string[] {
  const { names, regions } = workflowsOf(model);
  const asked = model.base.targets.github?.workflows ?? [];
  const shared = model.environments.filter(
    each => each.targets.cloudrun && !regions.some(({ environment }) => environment === each.environment),
  );
  return [
    ...asked.flatMap(name =>
      name in NEEDS && !names.includes(name)
        ? [`${name} is left out: there is no targets.${NEEDS[name as keyof typeof NEEDS]}`]
        : [],
    ),
    ...(names.includes('deploy-cloudrun')
      ? shared.map(
          ({ environment, targets }) =>
            `deploy-cloudrun leaves out ${environment}: in ${targets.cloudrun?.project}, ${targets.cloudrun?.region} its services have the names of another environment's`,
        )
      : []),
  ];
}
