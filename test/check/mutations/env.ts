import type { Mutation } from './mutation.ts';

export const ENV: readonly Mutation[] = [
  {
    rule: 'env/bad-url',
    file: '.env.example',
    from: /^DATABASE_URL=.*$/m,
    to: 'DATABASE_URL=postgres://chatbot_app:p@ss@prod-db.internal:5432/chatbot?sslmode=verify-full',
  },
  {
    rule: 'env/database-tls',
    file: '.env.example',
    from: /^DATABASE_URL=.*$/m,
    to: 'DATABASE_URL=postgres://chatbot_app@prod-db.internal:5432/chatbot?sslmode=disable',
  },
  {
    rule: 'env/parser-differs',
    file: 'deploy/systemd/chatbot.env.example',
    from: 'DATABASE_URL=',
    to: 'export DATABASE_URL=',
  },
];
