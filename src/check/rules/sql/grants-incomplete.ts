import { missingGrants } from '../../commands/missing-grants.ts';
import type { Rule } from '../../rule.ts';

export const grantsIncomplete: Rule = {
  id: 'sql/grants-incomplete',
  severity: 'error',
  title: 'privileges that the application lacks for what it does',
  why: 'The first INSERT into a table with a serial key is refused, or the first query of a table that the next migration makes: the deploy works and the feature does not.',
  fix: 'Grant USAGE on the sequences, set default privileges for the role that makes the tables, and grant what migrations (CREATE) or pruning (DELETE) need.',
  fixable: 'unsafe',
  example: {
    bad: 'GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;',
    good: 'GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;\nGRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app;\nALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO app;\nALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO app;',
  },
  check: missingGrants,
};
