#!/usr/bin/env bash
# Prepares this host for beyondcloud-python: account, directories, settings, units. It starts nothing that does not run yet,
# leaves settings as they are, and may run again at any time. --help tells the flags.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# shellcheck disable=SC2034 # not every script needs each of them
releases=/opt/beyondcloud/releases current=/opt/beyondcloud/current config=/etc/beyondcloud units=/etc/systemd/system

as_root() { [ "$(id -u)" = 0 ] || die 'this changes the system: run it as root'; }

# One at a time on this host; the lock ends with the process, however that ends. Who has to wait ends with 75.
lock() {
  exec 9>"$releases/.lock"
  # Who has the lease waits for what a run that died has left at work here.
  if [ "${leased:-no}" = yes ]; then flock --wait 300 9 && return; elif flock --nonblock 9; then unleased; return; fi
  say 'another deploy, rollback or install is at work here'
  exit 75
}

# What `aideploy` runs from elsewhere renews its lease all the time; one that stands still is of a run that died.
unleased() {
  local newest seconds age
  if [ ! -d "$releases/.lease" ]; then return; fi
  newest=$releases/.lease/$(find "$releases/.lease" -name '[0-9]*' -printf '%f\n' | sort -n | tail -n 1)
  seconds=$(sed -n 's/.*"seconds":\([0-9]*\).*/\1/p' "$newest" 2>/dev/null) || return 0
  age=$(($(date +%s) - $(stat -c %Y "$newest")))
  if [ -z "$seconds" ] || [ "$age" -lt 0 ] || [ "$age" -gt "$seconds" ]; then return 0; fi
  say "$(sed -n 's/.*"owner":"\([^"]*\)".*/\1/p' "$newest") is at work here (aideploy releases unlock breaks that lock)"
  exit 75
}

# each_instance COMMAND...: with unit, kind, URL of readiness, seconds to start and to stop, in order of dependence.
each_instance() {
  "$@" beyondcloud-python.service http http://127.0.0.1:8001/health/ready 60 125 || return
}

# each_timer COMMAND...: with the timer of each job.
each_timer() {
  return 0
}

# each_file COMMAND...: with a file that a service reads, where it is in the project, and its owner's group.
each_file() {
  return 0
}

# put FILE TARGET MODE [GROUP]: only what differs is replaced, by one rename.
put() {
  if [ -f "$2" ] && cmp --silent "$1" "$2"; then
    chmod "$3" "$2" && chgrp "${4:-root}" "$2"
    return
  fi
  install -D -m "$3" -o root -g "${4:-root}" "$1" "$2.new" && mv -T "$2.new" "$2"
}

# place_units FOLDER: units, timers and drop-ins, and systemd reads them again.
place_units() {
  local file
  for file in "$1"/*.service "$1"/*.timer "$1"/*.service.d/*.conf; do
    if [ -e "$file" ]; then put "$file" "$units/${file#"$1"/}" 644 || return; fi
  done
  systemctl daemon-reload
}

usage() {
  cat <<USAGE
install.sh [flag...]
  --dry-run   what it would do
USAGE
}

dry=no
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=yes ;;
    --help | -h) usage; exit 0 ;;
    *) say "unknown flag $1"; usage >&2; exit 2 ;;
  esac
  shift
done

if [ "$dry" = yes ]; then
  printf '%s\n' '1. account beyondcloud, by systemd-sysusers' '2. directories /opt/beyondcloud, /etc/beyondcloud and those of volumes, by systemd-tmpfiles' '3. settings in /etc/beyondcloud, from the examples where there are none, mode 600' '4. units to /etc/systemd/system, asked for by systemd-analyze verify, read and enabled; nothing is started'
  exit 0
fi

as_root
umask 022

need() { command -v "$1" >/dev/null || die "$1 is missing: install the package $2"; }
need systemctl systemd
need curl curl
need flock util-linux
need python3.12 python3.12
python3.12 -c 'import ensurepip' 2>/dev/null || die 'Python cannot make environments: install the package python3-venv'

say 'account'
put "$here"/beyondcloud-python.sysusers.conf /etc/sysusers.d/beyondcloud-python.conf 644
systemd-sysusers /etc/sysusers.d/beyondcloud-python.conf
id beyondcloud >/dev/null || die 'the account beyondcloud was not made'

say 'directories'
put "$here"/beyondcloud-python.tmpfiles.conf /etc/tmpfiles.d/beyondcloud-python.conf 644
systemd-tmpfiles --create /etc/tmpfiles.d/beyondcloud-python.conf
for folder in "$releases" "$config"; do [ -d "$folder" ] || die "$folder was not made"; done
lock

# settings EXAMPLE TARGET: an operator's file is never overwritten, only kept to root.
settings() {
  if [ ! -e "$2" ]; then
    install -m 600 -o root -g root "$here/$1" "$2"
    say "$2 is new: give its variables their values before the first deploy"
  fi
  chown root:root "$2"
  chmod 600 "$2"
}
settings beyondcloud-python.env.example /etc/beyondcloud/beyondcloud-python.env

say 'units'
# What no release has brought yet can not be run, and is not asked for.
shopt -s nullglob
units_here=("$here"/*.service "$here"/*.timer)
shopt -u nullglob
verdict=$(systemd-analyze verify --man=no "${units_here[@]}" 2>&1 | grep -F "$here/" | grep -v 'is not executable' || true)
[ -z "$verdict" ] || die "systemd takes exception: $verdict"
place_units "$here"
systemctl --quiet enable beyondcloud-python.service
say 'ready for: deploy.sh <folder or archive of scripts/build.sh> <version>'
