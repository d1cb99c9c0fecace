import { migratesIn, type Way, type Workflow, type Workflows, waysOf } from './workflows.ts';

/** A line at the end of a commit's message by which who writes it decides how it is deployed. */
export interface Trailer {
  readonly text: string;
  readonly workflows: readonly Workflow[];
  readonly purpose: string;
}

/** https://git-scm.com/docs/git-interpret-trailers */
export function trailersOf(workflows: Workflows): readonly Trailer[] {
  const ways = waysOf(workflows);
  const migrating = ways.filter(({ models }) => migratesIn(models));
  return [...MIGRATIONS.map(each => read(each, migrating)), read(NO_WAY_BACK, ways)].filter(
    trailer => trailer.workflows.length > 0,
  );
}

type Line = Omit<Trailer, 'workflows'>;

const read = (line: Line, ways: readonly Way[]): Trailer => ({
  ...line,
  workflows: ways.map(({ deploy }) => deploy),
});

const MIGRATIONS: readonly Line[] = [
  {
    text: 'Migration: expand',
    purpose: 'the release before works with the database after the migrations of this commit',
  },
  {
    text: 'Migration: contract',
    purpose: 'it does not: such a release needs Rollback: no as well',
  },
];

const NO_WAY_BACK: Line = {
  text: 'Rollback: no',
  purpose: 'a release with this commit is left as it is when it fails',
};
