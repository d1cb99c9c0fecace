import type { Mutation } from './mutation.ts';

export const SYSTEMD: readonly Mutation[] = [
  {
    rule: 'systemd/environment',
    file: 'deploy/systemd/chatbot.service',
    from: 'Environment=LOG_LEVEL=info',
    to: 'Environment=LOG_LEVEL=info\nEnvironment=PATH=/opt/chatbot/current/bin',
  },
  {
    rule: 'systemd/invalid',
    file: 'deploy/systemd/chatbot.service',
    from: 'Restart=always',
    to: 'Restrat=always',
    also: ['runtime/restart'],
  },
  {
    rule: 'systemd/invalid',
    file: 'deploy/systemd/chatbot.service',
    from: 'RestartSec=5s',
    to: 'RestartSec=5 sces',
  },
  {
    rule: 'systemd/ordering',
    file: 'deploy/systemd/chatbot.service',
    from: 'Wants=network-online.target\n',
    to: '',
    at: { line: 'ExecStart=' },
  },
  {
    rule: 'systemd/sandbox',
    file: 'deploy/systemd/chatbot.service',
    from: 'User=chatbot\n',
    to: '',
    at: { line: 'ExecStart=' },
    also: ['cross/identity-differs'],
  },
  {
    rule: 'systemd/sandbox',
    file: 'deploy/systemd/chatbot.service',
    from: 'NoNewPrivileges=yes',
    to: 'NoNewPrivileges=no',
  },
  {
    rule: 'systemd/strict-paths',
    file: 'deploy/systemd/chatbot.service',
    from: 'Environment=LOG_LEVEL=info',
    to: 'Environment=LOG_LEVEL=info\nEnvironment=LOG_DIR=/var/log/chatbot',
  },
  {
    rule: 'systemd/invalid',
    file: 'deploy/backup/chatbot-backup.timer',
    from: 'OnCalendar=*-*-* 02:00:00',
    to: 'OnCalendar=0 2 * * *',
  },
];
