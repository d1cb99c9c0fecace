import { ignoredSchemas } from '../../commands/schemas-back.ts';
import type { Rule } from '../../rule.ts';

export const rollbackIgnoresSchema: Rule = {
  id: 'cross/rollback-ignores-schema',
  severity: 'warning',
  title: 'a way back that says nothing of the data',
  why: 'The release before starts on a schema that the failed one has already changed, and breaks in a new way; a restore brings the rows of last night and silently drops every one since.',
  fix: 'Say whether migrations are taken back (`alembic downgrade`) or are compatible with the release before, and what is lost by a restore; dump before, so that it can be looked up.',
  fixable: 'no',
  example: {
    bad: '# rollback: RUN_MIGRATIONS=true\nkubectl rollout undo deployment/api',
    good: '# rollback: migrations of this release are additive, so the former one runs on them\nkubectl rollout undo deployment/api',
  },
  check: ignoredSchemas,
};
