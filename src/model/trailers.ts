import { migratesIn, type Workflow, type Workflows } from './workflows.ts';

/** A line at the end of a commit's message by which who writes it decides how it is deployed. */
export interface Trailer {
  readonly text: string;
  readonly workflows: readonly Workflow[];
  readonly purpose: string;
}

/** https://git-scm.com/docs/git-interpret-trailers */
export const trailersOf = (workflows: Workflows): readonly Trailer[] =>
  workflows.names.includes('deploy-k8s')
    ? [...(migratesIn(workflows.clusters) ? MIGRATIONS : []), NO_WAY_BACK]
    : [];

const MIGRATIONS: readonly Trailer[] = [
  {
    text: 'Migration: expand',
    workflows: ['deploy-k8s'],
    purpose: 'the release before works with the database after the migrations of this commit',
  },
  {
    text: 'Migration: contract',
    workflows: ['deploy-k8s'],
    purpose: 'it does not: such a release needs Rollback: no as well',
  },
];

const NO_WAY_BACK: Trailer = {
  text: 'Rollback: no',
  workflows: ['deploy-k8s'],
  purpose: 'a release with this commit is left as it is when it fails',
};
