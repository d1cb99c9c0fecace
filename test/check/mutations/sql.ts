import type { Mutation } from './mutation.ts';

export const SQL: readonly Mutation[] = [
  {
    rule: 'sql/grant-no-effect',
    file: 'deploy/database/roles.sql',
    from: 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";',
    to: 'GRANT ALL ON ALL TABLES IN SCHEMA public TO chatbot_app;\nGRANT SELECT ON ALL TABLES IN SCHEMA public TO chatbot_app;',
    also: ['sql/grants-incomplete', 'sql/too-much-power'],
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
    to: 'GRANT ALL PRIVILEGES ON DATABASE chatbot TO chatbot_app;',
  },
  {
    rule: 'sql/too-much-power',
    file: 'deploy/database/roles.sql',
    from: 'ALTER ROLE :"app" NOSUPERUSER',
    to: 'ALTER ROLE chatbot_app SUPERUSER',
  },
  {
    rule: 'sql/grants-incomplete',
    file: 'deploy/database/roles.sql',
    from: 'ON ALL TABLES IN SCHEMA public TO :"app"',
    to: 'ON ALL TABLES IN SCHEMA public TO chatbot_app',
  },
];
