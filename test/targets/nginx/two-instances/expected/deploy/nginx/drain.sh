#!/usr/bin/env bash
# drain.sh out UNIT: nginx sends this instance nothing new, and the other all. What it works on goes on.
# drain.sh in UNIT: nginx sends to it again.
# Between the two an instance is restarted without a failed request. Without them nginx may send a request on a kept
# connection at the very moment that the instance closes it; and what was sent is not sent again.
set -euo pipefail

name=pair

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$*"; exit 1; }

case ${2:-} in
  pair-api@1.service) ports=(8080 60001) ;;
  pair-api@2.service) ports=(18080 50001) ;;
  pair-socket@1.service) ports=(3000) ;;
  pair-socket@2.service) ports=(13000) ;;
  *) die 'usage: drain.sh out|in UNIT, which is one of:' pair-api@1.service pair-api@2.service pair-socket@1.service pair-socket@2.service ;;
esac
[ "$(id -u)" = 0 ] || die 'run this as root'
site=/etc/nginx/sites-available/$name.conf
[ -e "$site" ] || site=/etc/nginx/conf.d/$name.conf
[ -e "$site" ] || die 'the site is not installed; install.sh does that'

# Old workers end their requests, but take no new ones, as soon as their title says that they are shutting down.
wait_for_old() {
  local pid
  for _ in $(seq 100); do
    for pid in "$@"; do
      if [ -e "/proc/$pid/cmdline" ] && ! grep -qs 'shutting down' "/proc/$pid/cmdline"; then
        sleep 0.1
        continue 2
      fi
    done
    return
  done
  die 'nginx goes on with its former workers; see its error log'
}

# Returns when the former workers take no more requests: what is asked now is answered by the new site.
reload() {
  local old=()
  if [ -s /run/nginx.pid ]; then
    mapfile -t old < <(ps -o pid= --ppid "$(cat /run/nginx.pid)" | tr -d ' ')
  fi
  if [ -d /run/systemd/system ]; then
    systemctl reload-or-restart nginx
  elif [ -s /run/nginx.pid ] && kill -0 "$(cat /run/nginx.pid)" 2>/dev/null; then
    nginx -s reload
  else
    nginx
  fi
  wait_for_old "${old[@]}"
}

next=$(mktemp)
trap 'rm -f "$next"' EXIT
cp "$site" "$next"
for port in "${ports[@]}"; do
  case $1 in
    out) sed -i "s/^\( *server 127\.0\.0\.1:$port max_fails=0\);/\1 down;/" "$next" ;;
    in) sed -i "s/^\( *server 127\.0\.0\.1:$port max_fails=0\) down;/\1;/" "$next" ;;
    *) die "usage: drain.sh out|in UNIT" ;;
  esac
done
# At least one instance of every service is left.
awk '/^upstream /{alive=0} /^ *server / && !/ down;/{alive=1} /^}/ && inside && !alive{exit 1} {inside=/^upstream /||(inside && !/^}/)}' "$next" ||
  die "the other instance is out already; nobody would be left"
if cmp -s "$next" "$site"; then exit 0; fi

former=$(mktemp)
cp -p "$site" "$former"
install -m 644 "$next" "$site.new"
mv -f "$site.new" "$site"
if ! nginx -t -q; then
  mv -f "$former" "$site"
  die 'nginx refuses its configuration (see above); what was there before is there again'
fi
rm -f "$former"
reload
