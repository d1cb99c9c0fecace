import type { Mutation } from './mutation.ts';

export const CRON: readonly Mutation[] = [
  {
    rule: 'file/unreadable',
    file: 'deploy/backup/chatbot-backup.cron',
    from: '0 2 * * * chatbot-backup',
    to: '0 2 * * chatbot-backup',
  },
  {
    rule: 'cron/job',
    file: 'deploy/backup/chatbot-backup.cron',
    from: 'cron.lock /opt',
    to: 'cron_$(date +%F).lock /opt',
  },
];
