import { readableSecrets } from '../../host/env-file-modes.ts';
import type { Rule } from '../../rule.ts';

export const envFileMode: Rule = {
  id: 'cross/env-file-mode',
  severity: 'warning',
  title: 'a file with secrets that every user of the host may read',
  why: 'A file that is copied or written gets the mode that umask leaves, 644 almost everywhere: each account and each service of the host, also one that was taken over, reads the keys in it.',
  fix: 'Install it with its mode: install -m 600 (or -m 640 -g the service), or set umask 077 before it is written.',
  fixable: 'safe',
  example: {
    bad: 'cp chat.env /etc/chat/chat.env',
    good: 'install -m 600 chat.env /etc/chat/chat.env',
  },
  check: readableSecrets,
};
