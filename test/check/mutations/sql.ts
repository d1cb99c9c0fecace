import type { Mutation } from './mutation.ts';

export const SQL: readonly Mutation[] = [
  {
    rule: 'sql/grant-no-effect',
    file: 'deploy/database/roles.sql',
    from: 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";',
    to: 'GRANT ALL ON ALL TABLES IN SCHEMA public TO :"app";\nGRANT SELECT ON ALL TABLES IN SCHEMA public TO :"app";',
    also: ['sql/too-much-power'],
  },
  {
    rule: 'sql/session-setting',
    file: 'deploy/database/tuning.sql',
    from: 'ANALYZE;',
    to: `SET shared_buffers = '2GB';\nANALYZE;`,
  },
  {
    rule: 'sql/too-much-power',
    file: 'deploy/database/roles.sql',
    from: 'GRANT CONNECT ON DATABASE :"database" TO :"app", :"backup";',
    to: 'GRANT ALL PRIVILEGES ON DATABASE :"database" TO :"app";',
  },
  {
    rule: 'sql/too-much-power',
    file: 'deploy/database/roles.sql',
    from: 'ALTER ROLE :"app" NOSUPERUSER',
    to: 'ALTER ROLE :"app" SUPERUSER',
  },
  {
    rule: 'sql/grants-incomplete',
    file: 'deploy/database/roles.sql',
    from: 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";',
    to: 'GRANT SELECT ON TABLES TO :"backup";',
    at: { line: 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES' },
  },
];
