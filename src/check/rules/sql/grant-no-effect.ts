import { idleGrants } from '../../commands/idle-grants.ts';
import type { Rule } from '../../rule.ts';

export const grantNoEffect: Rule = {
  id: 'sql/grant-no-effect',
  severity: 'warning',
  title: 'a grant that changes nothing',
  why: 'GRANT adds and never takes away: SELECT after ALL leaves ALL. And on all tables of a schema it means those that are there: run before the migrations it grants nothing, and the service is refused.',
  fix: 'REVOKE the broader privilege, or leave the narrower grant out; grant behind the tables, or for those to come with ALTER DEFAULT PRIVILEGES.',
  fixable: 'no',
  example: {
    bad: 'GRANT ALL ON ALL TABLES IN SCHEMA public TO app;\nGRANT SELECT ON ALL TABLES IN SCHEMA public TO app;',
    good: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO app;',
  },
  check: idleGrants,
};
