#!/usr/bin/env bash
# Installs the backup of ai_agents on the machine that makes it. It may be run again at any time. --help tells more.
set -euo pipefail

usage() {
  cat <<'USAGE'
install.sh [--timer|--cron]   as root. Without a flag: the timer where systemd runs, else the cron job; never both.
install.sh --password         asks for the password of the backup's role (or reads a line) and keeps it
USAGE
}

unit=ai-endpoint-server-backup account=ai-endpoint-server-backup role=ai_endpoint_user_backup host=prod-db.internal port=5432 via=host
scripts=/opt/ai-endpoint-platform/backup dir=/backups/ai-agents state=/var/lib/ai-endpoint-server-backup passwords=/etc/ai-endpoint-server-backup/pgpass
passwords=${BACKUP_PASSWORDS:-$passwords} port=${BACKUP_PORT:-$port}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# A line of the password file: colons and backslashes have a meaning in it.
# https://www.postgresql.org/docs/current/libpq-pgpass.html
escaped() { local text=${1//\\/\\\\}; printf '%s' "${text//:/\\:}"; }

keep_password() {
  local password new=$passwords.new
  if [ -t 0 ]; then read -rsp "Password of $role: " password; echo >&2; else IFS= read -r password || [ -n "$password" ]; fi
  [ -n "$password" ] || die 'no password was given'
  (umask 077 && printf '%s:%s:*:%s:%s\n' "$(escaped "$host")" "$port" "$(escaped "$role")" "$(escaped "$password")" >"$new")
  if [ "$(id -u)" = 0 ] && id -u "$account" >/dev/null 2>&1; then chown "$account:" "$new"; fi
  mv "$new" "$passwords"
  say "kept in $passwords"
}

how=''
case ${1:-} in
  '') ;;
  --timer | --cron) how=${1#--} ;;
  --password) keep_password; exit 0 ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || die 'run it as root'
if [ -z "$how" ]; then if [ -d /run/systemd/system ]; then how=timer; else how=cron; fi; fi

if ! id -u "$account" >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --home-dir "$state" --shell /usr/sbin/nologin "$account"
fi
install -d -m 755 "$scripts"
install -d -m 700 -o "$account" -g "$account" "$dir"
install -d -m 755 -o "$account" -g "$account" "$state"
install -d -m 750 -o root -g "$account" "$(dirname "$passwords")"
for file in backup.sh restore.sh rehearse.sh; do install -m 755 "$here/$file" "$scripts/$file.new" && mv "$scripts/$file.new" "$scripts/$file"; done

# node_exporter of Debian's package reads this folder; the account may write no file of it, so a link leads to its own.
if [ -d /var/lib/prometheus/node-exporter ]; then ln -sfn "$state/$unit.prom" "/var/lib/prometheus/node-exporter/$unit.prom"; fi

# One of the two, and what the other left behind goes: two schedules would make every backup twice.
if [ "$how" = timer ]; then
  rm -f "/etc/cron.d/$unit"
  install -m 644 "$here/$unit.service" "$here/$unit.timer" /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable --now "$unit.timer"
else
  command -v cron >/dev/null || command -v crond >/dev/null || die 'there is no cron here'
  if [ -e "/etc/systemd/system/$unit.timer" ]; then
    systemctl disable --now "$unit.timer" 2>/dev/null || true
    rm -f "/etc/systemd/system/$unit.timer" "/etc/systemd/system/$unit.service"
  fi
  install -m 644 "$here/$unit.cron" "/etc/cron.d/$unit"
fi
say "installed: the $how"
if [ "$via" = host ] && [ ! -e "$passwords" ]; then say "next: $0 --password, then $scripts/backup.sh --reason manual"; else say "next: $scripts/backup.sh --reason manual"; fi
