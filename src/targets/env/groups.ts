import { isBuilt, type Model, servicesOf } from '../../model/model.ts';
import { databaseGroup } from './database.ts';
import { secretVariables } from './secrets.ts';
import type { Group } from './variable.ts';

export function groupsOf(whole: Model): Group[] {
  const model = { ...whole, services: servicesOf(whole, 'env') };
  const groups = [releaseGroup(model), databaseGroup(model), secretsGroup(model)];
  return groups.filter(group => group.variables.length > 0 || group.notes.length > 0);
}

function releaseGroup(model: Model): Group {
  const tag = {
    name: 'AIDEPLOY_TAG',
    notes: [
      'The version to run, such as 1.4.2: a tag that scripts/build.sh made. Read by compose.prod.yaml.',
    ],
    optional: false,
  };
  const needed = model.image.tag === undefined && model.services.some(isBuilt);
  return { title: 'Release', notes: [], variables: needed ? [tag] : [] };
}

function secretsGroup(model: Model): Group {
  const variables = secretVariables(model);
  if (model.targets.compose?.secrets !== 'files') return { title: 'Secrets', notes: [], variables };
  const inFiles = new Set(model.services.flatMap(service => service.secrets.map(({ name }) => name)));
  const notes = [
    'These are files, one secret in each, readable by the user of their service alone:',
    ...[...inFiles].map(name => `  secrets/${name}`),
  ];
  return {
    title: 'Secrets',
    notes: inFiles.size > 0 ? notes : [],
    variables: variables.filter(({ name }) => !inFiles.has(name)),
  };
}
