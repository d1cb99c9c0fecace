#!/usr/bin/env bash
# Returns chatbot to a former release: its programs, its units and its files. --help tells the flags.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# shellcheck disable=SC2034 # not every script needs each of them
releases=/opt/chatbot/releases current=/opt/chatbot/current config=/etc/chatbot units=/etc/systemd/system

as_root() { [ "$(id -u)" = 0 ] || die 'this changes the system: run it as root'; }

# One at a time on this host; the lock ends with the process, however that ends.
lock() {
  exec 9>"$releases/.lock"
  flock --nonblock 9 || die 'another deploy, rollback or install is at work here'
}

# each_instance COMMAND...: with unit, kind, URL of readiness, seconds to start and to stop, in order of dependence.
each_instance() {
  "$@" chatbot.service http http://127.0.0.1:8080/health/ready 120 310 || return
}

# each_timer COMMAND...: with the timer of each job.
each_timer() {
  return 0
}

# each_file COMMAND...: with a file that a service reads, where it is in the project, and its owner's group.
each_file() {
  "$@" /etc/chatbot/config.yaml config.yaml || return
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
rollback.sh [flag...] [RELEASE]
  RELEASE     the last verified one before the current when omitted
  --list      the releases that are here
  --dry-run   the steps
USAGE
}

# field RELEASE NAME: of its record, which has one field a line.
field() { sed -n "s/^  \"$2\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$releases/$1/release.json" 2>/dev/null || true; }

# mark RELEASE STATUS: verified, failed, unverified or superseded; the record is replaced whole.
mark() {
  sed "s/^  \"status\": .*/  \"status\": \"$2\"/" "$releases/$1/release.json" >"$releases/$1/release.json.new" &&
    sync "$releases/$1/release.json.new" &&
    mv -T "$releases/$1/release.json.new" "$releases/$1/release.json"
  printf '{"at": "%s", "release": "%s", "status": "%s", "by": "%s"}\n' "$(now)" "$1" "$2" "$by" >>"$releases/history.jsonl"
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
by=${SUDO_USER:-$(id -un)}@$(uname -n)
by=${by//[^A-Za-z0-9_.@-]/_}

running() { if [ -L "$current" ]; then basename "$(readlink "$current")"; fi; }

# Every whole release with its number in the order of deploys, the newest first.
all_releases() {
  local folder
  for folder in "$releases"/*; do
    if [ -e "$folder/release.json" ] && [ "${folder%.tmp}" = "$folder" ]; then
      printf '%s %s\n' "$(field "${folder##*/}" sequence)" "${folder##*/}"
    fi
  done | sort -k1,1nr -k2,2
}

# point LINK RELEASE: by one rename, so that the link always leads somewhere.
point() { ln -sfn "releases/$2" "$1.new" && mv -T "$1.new" "$1"; }

# is_of UNIT RELEASE: whether its main process was started from this release, whatever the link says now. Some
# programs overwrite their environment and some change their folder, but hardly one does both.
is_of() {
  local pid
  pid=$(systemctl show --property MainPID --value "$1")
  [ "$pid" != 0 ] || return 1
  case $(readlink "/proc/$pid/cwd")/ in "$(readlink -f "$releases")/$2/"*) return 0 ;; *) ;; esac
  tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -Fqx "AIDEPLOY_RELEASE=$2"
}

healthy() {
  systemctl is-active --quiet "$1" || return 1
  [ -z "$2" ] || curl --silent --fail --noproxy '*' --max-time 3 --output /dev/null "$2"
}

# gate UNIT KIND URL STARTUP RELEASE: until it is ready and of this release; a program that ended fails at once.
gate() {
  local deadline=$((SECONDS + $4)) calm=0
  # Something without a port is well when it has not ended for a while.
  while [ "$SECONDS" -le "$deadline" ]; do
    if [ "$(systemctl show --property NRestarts --value "$1")" != 0 ] || systemctl is-failed --quiet "$1"; then break; fi
    if healthy "$1" "$3" && is_of "$1" "$5"; then
      if [ "$2" = http ] || [ "$calm" -ge 6 ]; then return 0; fi
      calm=$((calm + 1))
    fi
    sleep 0.5
  done
  say "$1 is not ready; its last lines:"
  journalctl --unit "$1" --lines 15 --no-pager --output cat >&2 || true
  return 1
}

# proxy out|in UNIT: whether requests go to this instance of several. What is on its way when a program stops
# listening is lost, since it may not be sent twice. Of the operator, or that of this deployment's own nginx.
proxy() {
  case $2 in *@*) ;; *) return 0 ;; esac
  if [ -x "$config/drain.sh" ]; then
    "$config/drain.sh" "$1" "$2"
  elif [ -x "$here/../nginx/drain.sh" ] && { [ -e /etc/nginx/sites-available/chatbot.conf ] || [ -e /etc/nginx/conf.d/chatbot.conf ]; }; then
    "$here/../nginx/drain.sh" "$1" "$2"
  fi
}

# switch_unit RELEASE UNIT KIND URL STARTUP STOP: to the release that the link names, unless it runs already.
switch_unit() {
  local file=${2/@*/@.service}
  if [ ! -e "$releases/$1/systemd/$file" ]; then
    say "$1 has no $2: it is stopped"
    systemctl stop "$2"
    return
  fi
  if [ "${restart:-no}" = no ] && is_of "$2" "$1" && healthy "$2" "$4"; then
    say "$2 runs $1"
    proxy in "$2"
    return
  fi
  say "restart $2 (its stop may take $6 s, its start $5 s)"
  # A unit that was given up starts no more until that is forgotten.
  systemctl reset-failed "$2" 2>/dev/null || true
  proxy out "$2" || { say "the proxy still sends to $2, which is left alone"; return 1; }
  systemctl restart "$2" || { say "systemctl restart $2 failed"; journalctl --unit "$2" --lines 15 --no-pager --output cat >&2; return 1; }
  gate "$2" "$3" "$4" "$5" "$1" || return
  proxy in "$2"
}

# activate RELEASE: its files, its units, the link, then instance after instance.
activate() {
  each_file place_file "$1" || return
  place_units "$releases/$1/systemd" || return
  point "$current" "$1" || return
  each_instance switch_unit "$1" || return
  each_timer systemctl --quiet enable --now
}

# same_units FROM FOLDER: a unit that nobody starts any more would hold its port, and come back with the machine.
same_units() {
  local file name
  for file in "$releases/$1/systemd"/*.service "$releases/$1/systemd"/*.timer; do
    name=${file##*/}
    if [ -e "$file" ] && [ -e "$units/$name" ] && [ ! -e "$2/$name" ]; then
      die "$1 has $name, which is no more: systemctl disable --now it (each instance), rm $units/$name, and run this again"
    fi
  done
}

# place_file RELEASE PATH SOURCE
place_file() { put "$releases/$1/files/$3" "$2" 640 chatbot; }

dry=no list=no wanted=''
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=yes ;;
    --list) list=yes ;;
    --help | -h) usage; exit 0 ;;
    -*) say "unknown flag $1"; usage >&2; exit 2 ;;
    *) wanted=$1 ;;
  esac
  shift
done
now_runs=$(running)

if [ "$list" = yes ]; then
  all_releases | while read -r _ id; do
    printf '%s %s %s %s\n' "$id" "$(field "$id" at)" "$(field "$id" status)" "$(if [ "$id" = "$now_runs" ]; then echo current; fi)"
  done
  exit 0
fi

# Deployed before what runs now, and found well then: rolling back twice goes further back, never forth.
former() {
  local sequence number id
  sequence=$(field "$now_runs" sequence)
  while read -r number id; do
    case $(field "$id" status) in
      verified | superseded) if [ "$number" -lt "${sequence:-0}" ]; then echo "$id"; return; fi ;;
      *) ;;
    esac
  done < <(all_releases)
}

target=${wanted:-$(former)}
[ -n "$target" ] || die 'no verified release is older than the one that runs: name one (--list)'
[[ $target =~ ^[A-Za-z0-9_][A-Za-z0-9_.+-]*$ ]] || die "$target is no release"
[ -e "$releases/$target/release.json" ] || die "there is no release $target here (--list)"
case $(field "$target" status) in
  verified | superseded) ;;
  *) say "$target was never verified" ;;
esac

if [ "$dry" = yes ]; then
  printf '%s\n' "from ${now_runs:-nothing} to $target" '1. put the files and units of that release in place, and let systemd read them' '2. switch /opt/chatbot/current to it, by one rename' '3. restart chatbot.service and wait until it is ready' 'outage: chatbot has one instance, which takes no requests for up to 305s of drain and its start; two instances behind a proxy have none' 'not reverted: migrations of the database, settings in /etc/chatbot, data written since'
  exit 0
fi

as_root
lock
if [ -n "$now_runs" ]; then same_units "$target" "$releases/$now_runs/systemd"; fi
restart=yes
if [ "$target" = "$now_runs" ]; then restart=no; fi
say "from ${now_runs:-nothing} to $target; migrations of the database stay as they are"
if ! activate "$target"; then
  say "$target does not run well either: it is in place, and nothing else was tried"
  exit 1
fi
if [ -n "$now_runs" ] && [ "$now_runs" != "$target" ] && [ "$(field "$now_runs" status)" = verified ]; then mark "$now_runs" superseded; fi
mark "$target" verified
say "$target runs and is ready"
