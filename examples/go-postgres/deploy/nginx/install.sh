#!/usr/bin/env bash
# Puts the site of ai-endpoint-server in place, or its next version: run it as root from a copy of this folder, as often as you
# like. A site that nginx refuses does not stay: the former one is put back, and nginx goes on with that.
# CERTBOT_EMAIL=ops@example.com also fetches the first certificate; ai-endpoint.example.com has to lead to this host by then.
set -euo pipefail

name=ai-endpoint-server
domain=ai-endpoint.example.com
certificate=/etc/letsencrypt/live/ai-endpoint.example.com/fullchain.pem
key=/etc/letsencrypt/live/ai-endpoint.example.com/privkey.pem
# What an old worker has to finish after a reload: the longest stream.
longest=3605s
here=$(cd "$(dirname "$0")" && pwd)

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$*"; exit 1; }

[ "$(id -u)" = 0 ] || die 'run this as root'
command -v nginx >/dev/null || die 'nginx is missing: apt-get install nginx'

# Debian's packages include sites-enabled, those of nginx.org conf.d.
if [ -d /etc/nginx/sites-enabled ]; then
  sites=/etc/nginx/sites-available
  enabled=/etc/nginx/sites-enabled
else
  sites=/etc/nginx/conf.d
  enabled=$sites
fi

# replace FILE TARGET: whole at any moment.
replace() {
  install -m 644 "$1" "$2.new"
  mv -f "$2.new" "$2"
}

# take_away FILE: a site, until nginx is reloaded in name only.
take_away() { rm -f "$enabled/$1" "$sites/$1"; }

# put FILE: a site, if nginx takes it; else what was there before.
put() {
  local file=$1 former=''
  if [ -e "$sites/$file" ]; then
    former=$(mktemp)
    cp -p "$sites/$file" "$former"
  fi
  replace "$here/$file" "$sites/$file"
  if [ "$sites" != "$enabled" ]; then ln -sfn "$sites/$file" "$enabled/$file"; fi
  if nginx -t -q; then
    rm -f "$former"
    return
  fi
  if [ -n "$former" ]; then
    replace "$former" "$sites/$file"
    rm -f "$former"
  else
    take_away "$file"
  fi
  [ -e /proc/net/if_inet6 ] || say 'this host has no IPv6: set targets.nginx.ipv6 to false and render again'
  die "nginx refuses $file (see above); what was there before is there again"
}

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

# An old worker is ended after this time; with none set it may stay for as long as somebody keeps a connection.
# The setting belongs to the main context, where nginx takes it once: one file for all sites, with the longest time.
set_shutdown() {
  local file=/etc/nginx/modules-enabled/90-worker-shutdown.conf now
  if ! grep -qs 'include .*modules-enabled' /etc/nginx/nginx.conf; then
    say "set in the main context of nginx.conf, unless a longer one is there: worker_shutdown_timeout $longest;"
    return
  fi
  now=$(sed -n 's/^worker_shutdown_timeout \([0-9]*\)s;$/\1/p' "$file" 2>/dev/null || true)
  if [ -z "$now" ] && grep -rqsE '^[[:space:]]*worker_shutdown_timeout' /etc/nginx/nginx.conf /etc/nginx/modules-enabled; then
    say "worker_shutdown_timeout is set elsewhere; it has to be $longest or longer"
    return
  fi
  if [ "${now:-0}" -ge "${longest%s}" ]; then return; fi
  printf '# The longest stream of any site here.\nworker_shutdown_timeout %s;\n' "$longest" >"$file.new"
  mv -f "$file.new" "$file"
  nginx -t -q || { rm -f "$file"; die 'nginx refuses its configuration, also without this site (see above)'; }
}

webroot=/var/www/ai-endpoint-server-acme
install -d -m 755 "$webroot" "$webroot/.well-known" "$webroot/.well-known/acme-challenge"

# nginx reads a certificate when it is reloaded, so each renewal ends in a reload.
hook=/etc/letsencrypt/renewal-hooks/deploy/$name-nginx
install -d -m 755 "${hook%/*}"
cat >"$hook.new" <<'HOOK'
#!/bin/sh
# After a renewal: nginx reads the new certificate.
set -e
nginx -t -q
if [ -d /run/systemd/system ]; then systemctl reload nginx; else nginx -s reload; fi
HOOK
chmod 755 "$hook.new"
mv -f "$hook.new" "$hook"

set_shutdown

if [ ! -s "$certificate" ] || [ ! -s "$key" ]; then
  put "$name-acme.conf"
  reload
  ask=(certbot certonly --webroot --webroot-path "$webroot" --domain "$domain" --cert-name ai-endpoint.example.com)
  if [ -z "${CERTBOT_EMAIL:-}" ]; then
    say 'there is no certificate yet, so only its challenge is answered. Fetch it, then run this again:'
    say "  ${ask[*]}"
    exit 1
  fi
  command -v certbot >/dev/null || die 'certbot is missing: apt-get install certbot'
  "${ask[@]}" --email "$CERTBOT_EMAIL" --agree-tos --no-eff-email --non-interactive
fi

take_away "$name-acme.conf"
put "$name.conf"
reload

# The new workers answer, whatever the service behind them says.
if command -v curl >/dev/null; then
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if curl --silent --insecure --output /dev/null --noproxy '*' --resolve "$domain:443:127.0.0.1" "https://$domain/"; then
      say "https://$domain/ is served"
      exit 0
    fi
    sleep 1
  done
  die "nginx was reloaded, but nothing answers for https://$domain/ on this host"
fi
say "https://$domain/ is set up"
