import type { Mutation } from './mutation.ts';

export const SCRIPT: readonly Mutation[] = [
  {
    rule: 'script/expansion',
    file: 'deploy/systemd/install.sh',
    from: 'id chatbot >/dev/null',
    to: 'curl http://127.0.0.1:8080/items?page=1&size=2\nid chatbot >/dev/null',
  },
  {
    rule: 'script/imperative-scale',
    file: '.github/scripts/asked.sh',
    from: 'flags=()\n',
    to: 'kubectl scale deployment/chatbot --namespace chatbot --replicas=5\nflags=()\n',
  },
  {
    rule: 'script/kill-by-name',
    file: 'deploy/systemd/rollback.sh',
    from: 'as_root\nlock',
    to: 'as_root\npkill -f server\nlock',
  },
  {
    rule: 'script/no-verdict',
    file: 'deploy/systemd/rollback.sh',
    from: 'as_root\nlock',
    to: 'as_root\ncurl --silent --max-time 3 http://127.0.0.1:8080/health/ready || exit 1\nlock',
  },
  {
    rule: 'script/provider-call',
    file: 'deploy/systemd/install.sh',
    from: 'id chatbot >/dev/null',
    to: 'curl --fail --max-time 9 --json @body.json https://api.anthropic.com/v1/messages\nid chatbot >/dev/null',
  },
  {
    rule: 'script/replace-running',
    file: 'deploy/systemd/deploy.sh',
    from: 'point "$current" "$1" || return',
    to: 'cp server /opt/chatbot/current/bin/server\n  systemctl restart chatbot',
  },
  {
    rule: 'script/restore-over-live',
    file: 'deploy/backup/rehearse.sh',
    from: /exec .*/,
    to: 'gunzip -c backup.sql.gz | psql chatbot',
    also: ['cross/rollback-ignores-schema'],
  },
  {
    rule: 'script/secret-in-arguments',
    file: 'deploy/backup/install.sh',
    from: 'say "kept in $passwords"',
    to: 'psql "postgres://$role:$password@$host/postgres" -c "SELECT 1"',
  },
  {
    rule: 'script/unpinned-install',
    file: '.github/workflows/ci.yml',
    from: 'run: go run "$GOSEC" -quiet -severity medium -confidence medium ./...',
    to: 'run: go install github.com/securego/gosec/v2/cmd/gosec@latest',
  },
  {
    rule: 'script/unpinned-install',
    file: 'scripts/build.sh',
    from: 'gate_clean\nif wanted',
    to: 'pip install uv\ngate_clean\nif wanted',
  },
  {
    rule: 'script/backup-unverified',
    file: 'deploy/backup/rehearse.sh',
    from: /exec .*/,
    to: 'pg_dump --no-password -h prod-db.internal -U chatbot_app_backup -Fc chatbot >/backups/chatbot/chatbot.dump',
  },
  {
    rule: 'script/db-login',
    file: 'deploy/backup/chatbot-backup.cron',
    from: /chatbot-backup set -o.*/,
    to: 'root pg_dump -h prod-db.internal -U postgres chatbot >/backups/chatbot/chatbot.sql',
    also: ['cron/job', 'script/backup-unverified'],
  },
  {
    rule: 'script/retention-no-floor',
    file: 'deploy/backup/chatbot-backup.cron',
    from: /chatbot-backup set -o.*/,
    to: `root find /backups/chatbot -name '*.sql.gz' -mtime +30 -delete`,
  },
  {
    rule: 'script/not-idempotent',
    file: 'deploy/systemd/install.sh',
    from: 'systemctl try-restart rsyslog',
    to: 'useradd --system app',
  },
  {
    rule: 'script/unstamped-build',
    file: '.github/workflows/ci.yml',
    from: 'run: scripts/build.sh --no-gates --no-image',
    to: 'run: go build -o server ./cmd/server',
  },
  {
    rule: 'script/pipe-hides-failure',
    file: 'deploy/backup/rehearse.sh',
    from: /set -euo pipefail\n(.*\n)*/,
    to: 'set -eu\npg_dump --no-password chatbot | gzip >chatbot.sql.gz\n',
    also: ['script/backup-unverified'],
  },
];
