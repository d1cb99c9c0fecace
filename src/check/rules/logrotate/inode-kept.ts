import { renamed } from '../../host/held-files.ts';
import type { Rule } from '../../rule.ts';

export const inodeKept: Rule = {
  id: 'logrotate/inode-kept',
  severity: 'error',
  title: 'a log that is renamed while its process goes on writing to it',
  why: 'A process writes to the file that it opened, whatever its name is now. The new log stays empty, the old one grows, and after it is deleted nobody sees what fills the disk.',
  fix: 'Use copytruncate, or a postrotate that makes the process open its log again; or write to the journal.',
  fixable: 'safe',
  example: {
    bad: '/var/log/chat.log { daily\n rotate 7 }   # StandardOutput=append:/var/log/chat.log',
    good: '/var/log/chat.log { daily\n rotate 7\n copytruncate }',
  },
  check: renamed,
};
