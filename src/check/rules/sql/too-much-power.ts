import { excessPower } from '../../commands/power.ts';
import type { Rule } from '../../rule.ts';

export const tooMuchPower: Rule = {
  id: 'sql/too-much-power',
  severity: 'error',
  title: 'a role of an application that may do more than the application does',
  why: 'Whoever finds one hole in the service, an injection or a leaked URL, may then drop the tables, read other databases, or make themselves a role that stays.',
  fix: 'Let another role own the schema and run migrations; grant the service SELECT, INSERT, UPDATE and DELETE on its tables and USAGE on their sequences.',
  fixable: 'no',
  example: {
    bad: 'GRANT ALL PRIVILEGES ON DATABASE app TO app_user;',
    good: 'GRANT CONNECT ON DATABASE app TO app_user;\nGRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app_user;',
  },
  check: excessPower,
};
