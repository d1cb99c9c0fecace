#!/usr/bin/env bash
# Brings a release of chatbot to this host and switches to it, instance by instance; back again when it is not
# ready. install.sh comes before the first one. Safe to run again, whatever ended the last run. --help tells the flags.
# `aideploy deploy systemd --host user@host` does it from elsewhere, and verifies; this is the way without Node.js.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# shellcheck disable=SC2034 # not every script needs each of them
releases=/opt/chatbot/releases current=/opt/chatbot/current config=/etc/chatbot units=/etc/systemd/system

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
deploy.sh [flag...] BUILD VERSION
  BUILD           what scripts/build.sh made: its folder, or an archive (.tar, .tar.gz) of what is in it
  --project DIR   where the files are that services read ($here/../..)
  --commit HASH   for the record
  --restart       instances that run this release already, too: for changed settings
  --dry-run       the steps
Of \`aideploy deploy\`, which records, verifies and goes back by itself:
  --release ID    of the record that is here already
  --only STEP     prepare, migrate or switch; the last two need no BUILD and no VERSION
USAGE
}

# field RELEASE NAME: of its record, which has one field a line; nothing where it says null.
field() {
  sed -n "s/^  \"$2\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$releases/$1/release.json" 2>/dev/null | grep -vx null || true
}

# mark RELEASE STATUS: verified, failed, unverified or superseded; the record is replaced whole.
mark() {
  sed "s/^  \"status\": .*/  \"status\": \"$2\"/" "$releases/$1/release.json" >"$releases/$1/release.json.new" &&
    sync "$releases/$1/release.json.new" &&
    mv -T "$releases/$1/release.json.new" "$releases/$1/release.json"
  printf '{"at":"%s","by":"%s","action":"%s","release":"%s","outcome":"%s"}\n' "$(now)" "$by" "${0##*/}" "$1" "$2" >>"$releases/history.jsonl"
}

# proven RELEASE: whether it was seen to work.
proven() { case $(field "$1" status) in verified | superseded) return 0 ;; *) return 1 ;; esac; }

# is_whole RELEASE: its units are put there last; before that it is recorded, and not more.
is_whole() { [ -d "$releases/$1/systemd" ]; }

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

# log_file UNIT: that it logs to; nothing where that is the journal.
log_file() { sed -n 's/^StandardOutput=append://p' "$units/${1/@*/@.service}" 2>/dev/null || true; }

# log_end UNIT: the place in its log that all to come is behind, whatever becomes of the clock.
log_end() {
  local file
  file=$(log_file "$1")
  if [ -n "$file" ]; then
    stat --format %s "$file" 2>/dev/null || echo 0
  else
    journalctl --quiet --lines 0 --show-cursor 2>/dev/null | sed -n 's/^-- cursor: //p'
  fi
}

# log_behind UNIT PLACE FORMER: what the program wrote, without the former run of it where the log tells them apart.
log_behind() {
  local file from=$2
  file=$(log_file "$1")
  if [ -n "$file" ]; then
    # A smaller one was rotated meanwhile.
    if [ "$(log_end "$1")" -lt "$from" ]; then from=0; fi
    tail -c "+$((from + 1))" "$file" 2>/dev/null
  else
    # What was written a moment ago may not be there yet. --after-cursor would leave out the first line of this unit,
    # whichever unit the cursor's line is of.
    journalctl --sync 2>/dev/null || true
    journalctl _SYSTEMD_UNIT="$1" --cursor "$from" --quiet --no-pager --output export 2>/dev/null | awk -v former="$3" '
      /^_SYSTEMD_INVOCATION_ID=/ { run = substr($0, 24) }
      /^MESSAGE=/ { message = substr($0, 9) }
      # A run that is over when its line comes to the journal has no name there.
      /^$/ { if (run == "" || run != former) print message; run = message = "" }'
  fi
}

# said UNIT PLACE FORMER: the line of it that tells most.
said() {
  log_behind "$@" | awk '
    NF == 0 { next }
    { last = substr($0, 1, 300) }
    /^ *[A-Za-z0-9_.]*(Error|Exception)|^panic:|^fatal|level"?[=:] *"?(error|fatal)/ { telling = last }
    END { if (last != "") print "; it said last: " (telling == "" ? last : telling) }'
}

# show_log UNIT: what systemd says of it, and it of itself.
show_log() {
  local file
  journalctl --unit "$1" --lines 15 --no-pager --output cat >&2 || true
  file=$(log_file "$1")
  if [ -n "$file" ]; then tail -n 15 "$file" >&2 || true; fi
}

invocation() { systemctl show --property InvocationID --value "$1"; }

# Seconds since the machine started: $SECONDS would follow a clock that is set.
uptime_seconds() { cut -d . -f 1 /proc/uptime; }

# gate UNIT KIND URL STARTUP RELEASE PLACE FORMER: until it is ready and of this release; a program that ended fails at
# once. Why it is not stands in `cause`.
gate() {
  local deadline=$(($(uptime_seconds) + $4)) calm=0 answer
  # Something without a port is well when it has not ended for a while.
  while [ "$(uptime_seconds)" -le "$deadline" ]; do
    if [ "$(systemctl show --property NRestarts --value "$1")" != 0 ] || [ "$(systemctl show --property SubState --value "$1")" = auto-restart ] ||
      systemctl is-failed --quiet "$1"; then
      cause="$1 ended at its start ($(systemctl show --property Result --value "$1"))$(said "$1" "$6" "$7")"
      return 1
    fi
    if healthy "$1" "$3" && is_of "$1" "$5"; then
      if [ "$2" = http ] || [ "$calm" -ge 6 ]; then return 0; fi
      calm=$((calm + 1))
    fi
    sleep 0.5
  done
  cause="$1 is not ready after $4 s"
  if [ -n "$3" ]; then
    answer=$(curl --silent --noproxy '*' --max-time 3 --output /dev/null --write-out '%{http_code}' "$3") || answer='not at all'
    cause="$cause: $3 answers $answer"
  fi
  cause=$cause$(said "$1" "$6" "$7")
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
  local file=${2/@*/@.service} place former
  if [ ! -e "$releases/$1/systemd/$file" ]; then
    say "$1 has no $2: it is stopped"
    systemctl stop "$2"
    return
  fi
  systemctl is-enabled --quiet "$2" || systemctl --quiet enable "$2"
  if [ "${restart:-no}" = no ] && is_of "$2" "$1" && healthy "$2" "$4"; then
    say "$2 runs $1"
    proxy in "$2"
    return
  fi
  say "restart $2 (its stop may take $6 s, its start $5 s)"
  # A unit that was given up starts no more until that is forgotten.
  systemctl reset-failed "$2" 2>/dev/null || true
  proxy out "$2" || { cause="the proxy still sends to $2, which is left alone"; say "$cause"; return 1; }
  place=$(log_end "$2") former=$(invocation "$2")
  if systemctl restart "$2"; then
    if gate "$2" "$3" "$4" "$5" "$1" "$place" "$former"; then proxy in "$2"; return; fi
  else
    cause="$2 ended at its start ($(systemctl show --property Result --value "$2"))$(said "$2" "$place" "$former")"
  fi
  say "$cause"
  show_log "$2"
  return 1
}

# switch_timer RELEASE TIMER
switch_timer() {
  if [ -e "$releases/$1/systemd/$2" ]; then systemctl --quiet enable --now "$2"; fi
}

# retire RELEASE: what runs now and this one has no more would hold its port, and come back with the machine.
retire() {
  local former path name unit
  former=$(running)
  for path in "$releases/$former/systemd"/*.service "$releases/$former/systemd"/*.timer "$releases/$former/systemd"/*@*.service.d; do
    name=${path##*/}
    if [ -z "$former" ] || [ ! -e "$path" ] || [ -e "$releases/$1/systemd/$name" ] || [ ! -e "$units/$name" ]; then continue; fi
    unit=${name%.d}
    say "$1 has no $unit: it is stopped and removed"
    systemctl stop "${unit/@.service/@*.service}" || return
    systemctl --quiet disable "$unit" || return
    rm -rf "${units:?}/$name"
  done
}

# activate RELEASE: its files, its units, the link, then instance after instance.
activate() {
  cause='its files could not be put in place: see above'
  each_file place_file "$1" || return
  retire "$1" || return
  place_units "$releases/$1/systemd" || return
  point "$current" "$1" || return
  each_instance switch_unit "$1" || return
  each_timer switch_timer "$1"
}

# same_units FROM FOLDER: what the former release has and this does not know could not be started again by it.
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

dry=no restart=no leased=no only='' id='' project='' commit=${AIDEPLOY_COMMIT:-unknown} build='' version=''
while [ $# -gt 0 ]; do
  case $1 in
    --project | --commit | --release | --only) [ $# -ge 2 ] || { say "$1 needs a value"; usage >&2; exit 2; } ;;
    *) ;;
  esac
  case $1 in
    --project) project=$2; shift ;;
    --commit) commit=$2; shift ;;
    --restart) restart=yes ;;
    --release) leased=yes id=$2; shift ;;
    --only) only=$2; shift ;;
    --dry-run) dry=yes ;;
    --help | -h) usage; exit 0 ;;
    -*) say "unknown flag $1"; usage >&2; exit 2 ;;
    *) if [ -z "$build" ]; then build=$1; elif [ -z "$version" ]; then version=$1; else usage >&2; exit 2; fi ;;
  esac
  shift
done
wants() { [ -z "$only" ] || [ "$only" = "$1" ]; }
case $leased,$only in no, | yes,prepare | yes,migrate | yes,switch) ;; *) usage >&2; exit 2 ;; esac
if wants prepare; then
  [ -n "$version" ] || { usage >&2; exit 2; }
  [[ $version =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || die "$version is no version: letters, digits, _ . and - only"
  [[ $commit =~ ^[A-Za-z0-9]{1,64}$ ]] || die 'a commit is letters and digits'
fi

case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) arch=$(uname -m) ;;
esac
# What of the build this host needs.
artifacts=( server"-linux-$arch" agent"-linux-$arch" )

before=$(running)
if [ "$dry" = yes ]; then
  printf '%s\n' "from ${before:-nothing} to $version" '1. compare the checksums of what is brought with those of its build' '2. make /opt/chatbot/releases/<version>, beside and renamed when it is whole' '3. run the migrations as the owner; when they fail nothing is switched' '4. put its files and units in place, and let systemd read them' '5. switch /opt/chatbot/current to it, by one rename' '6. restart chatbot.service and wait until it is ready' '7. keep the last 5 releases, the former one always' 'when one is not ready: the same back to the former release, and exit 1' 'outage: chatbot has one instance, which takes no requests for up to 305s of drain and its start; two instances behind a proxy have none'
  exit 0
fi

as_root
umask 022
[ -d "$releases" ] || die "$releases is missing: run install.sh first"
lock
if [ "$leased" = yes ]; then
  [ -e "$releases/$id/release.json" ] || die "there is no record of $id here"
  project=$releases/$id/files
fi

# --- before anything changes ---

# has FILE NAME: whether the variable has a value there.
has() { grep -Eq "^[[:space:]]*$2=.+" "$1" && ! grep -Eq "^[[:space:]]*$2=(\"\"|'')[[:space:]]*\$" "$1"; }

# settings FILE NAME...: that it is there, root's alone, and has these.
settings() {
  local file=$1 name
  shift
  [ -f "$file" ] || die "$file is missing: run install.sh first"
  [ "$(stat -c '%U %a' "$file")" = 'root 600' ] || die "$file holds secrets: owner root, mode 600"
  for name in "$@"; do has "$file" "$name" || die "$file says nothing for $name"; done
}
settings /etc/chatbot/chatbot.env ANTHROPIC_API_KEY DATABASE_URL
settings /etc/chatbot/chatbot-migrate.env DATABASE_OWNER_URL

# What a release is made of, its checksums compared.
check_build() {
  local artifact
  if [ -f "$build" ]; then
    install -d -m 700 "$releases/.unpacked"
    tar -x --no-same-owner -C "$releases/.unpacked" -f "$build"
    build=$releases/.unpacked
  fi
  [ -f "$build/SHA256SUMS" ] || die "$build has no SHA256SUMS: it is not what scripts/build.sh made"
  sums=$(mktemp)
  trap 'rm -f "$sums" "$sums.one"' EXIT
  for artifact in "${artifacts[@]}"; do
    awk -v name="$artifact" '$2 == name || $2 == "*" name' "$build/SHA256SUMS" >"$sums.one"
    [ -s "$sums.one" ] || die "$build/SHA256SUMS does not list $artifact"
    cat "$sums.one" >>"$sums"
  done
  (cd "$build" && sha256sum --check --strict --quiet "$sums") || die 'a file is not what was built: checksums differ'
  if [ -f "$build/VERSION" ] && [ "$(cat "$build/VERSION")" != "$version" ]; then
    die "$build is of version $(cat "$build/VERSION"), not $version: scripts/build.sh --tag $version"
  fi
  project=${project:-$here/../..}
  each_file there
}
there() { [ -f "$project/$2" ] || die "$project/$2 is missing: it becomes $1 (--project)"; }

# --- the release: made beside, and renamed when it is whole ---

# What it is made of, so that the same is not made twice and a version never becomes something else.
content() {
  cat "$sums"
  (cd "$here" && find . -type f ! -name '*.env' -print0 | sort -z | xargs -0 sha256sum)
  each_file content_of
}
content_of() { printf '%s ' "$1"; sha256sum <"$project/$2"; }

# identify: the version, or the version and a number where that is something else already.
identify() {
  local n
  made_of=$(content | sha256sum | cut -d ' ' -f 1)
  id=$version
  for ((n = 2; ; n++)); do
    if [ ! -e "$releases/$id" ] || [ "$(field "$id" content)" = "$made_of" ]; then break; fi
    id=$version+$n
  done
}

# tagged NAME TEXT...: a variable of texts with the version between them.
tagged() {
  local name=$1 text=$2
  shift 2
  while [ $# -gt 0 ]; do text=$text$version$1; shift; done
  printf '%s="%s"\n' "$name" "$text"
}

# source_files PATH SOURCE
source_files() { install -D -m 640 -g chatbot "$project/$2" "$new/files/$2"; }

program() { install -D -m 755 "$build/$1-linux-$arch" "$new/bin/$1"; }

archive() {
  install -d -m 755 "$new/app/$1"
  tar -x --no-same-owner --strip-components 1 -C "$new/app/$1" -f "$build/$1.tar.gz"
}

make_release() {
  local unit
  new=$releases/$id.tmp
  install -d -m 755 "$new" "$new/env"
  program server
  program agent
  unit=chatbot
  {
    tagged AIDEPLOY_TAG '' ''
    printf 'AIDEPLOY_RELEASE=%s\n' "$id"
  } >"$new/env/$unit"
  cp -R "$here" "$new/systemd"
  # What somebody made of an example there is no part of a release.
  find "$new/systemd" -name '*.env' -delete
  chown -R root:root "$new"
  chmod -R go-w,a+rX "$new"
  if [ "$leased" = no ]; then
    each_file source_files
    record >"$new/release.json"
  fi
  sync -f "$new"
  if [ "$leased" = no ]; then mv -T "$new" "$releases/$id"; else join_record; fi
}

# join_record: the parts take their place beside the record, the units last: without them it is not whole.
join_record() {
  local part
  for part in bin app venv env systemd; do
    if [ -e "$new/$part" ]; then rm -rf "${releases:?}/$id/$part" && mv -T "$new/$part" "$releases/$id/$part"; fi
  done
  sync -f "$releases"
  rm -rf "$new"
}

# As `aideploy` writes it, as far as it is known here.
record() {
  local highest former=null _
  read -r highest _ < <(all_releases) || highest=0
  if [ -n "$before" ]; then former="\"$before\""; fi
  cat <<RECORD
{
  "version": 1,
  "id": "$id",
  "sequence": $((highest + 1)),
  "platform": "systemd",
  "environment": null,
  "tag": "$version",
  "images": {},
  "checksums": {
$(sed -E 's/^([0-9a-f]{64}) [ *](.*)$/    "\2": "\1",/; $ s/,$//' "$sums")
  },
  "files": {},
  "secrets": {},
  "configuration": "",
  "content": "$made_of",
  "migration": "unmarked",
  "commit": "$commit",
  "at": "$(now)",
  "by": "$by",
  "previous": $former,
  "status": "unverified"
}
RECORD
}

if wants prepare; then
  if [ "$leased" = yes ] && is_whole "$id"; then
    say "release $id is here already"
    exit 0
  fi
  # What a run that was ended left behind.
  rm -rf "$releases"/*.tmp "$releases"/.unpacked
  check_build
  if [ "$leased" = no ]; then
    if [ -n "$before" ]; then same_units "$before" "$here"; fi
    identify
  fi
  if is_whole "$id"; then say "release $id is here already"; else say "release $id"; make_release; fi
  if [ "$only" = prepare ]; then exit 0; fi
fi
is_whole "$id" || die "$id is recorded here, but its programs are not: prepare it first"
previous=$(field "$id" previous)
if [ -n "$before" ] && [ "$before" != "$id" ]; then previous=$before; fi

# --- the database ---

if [ "$only" = migrate ] || { [ -z "$only" ] && [ "$(field "$id" status)" != verified ]; }; then
  say 'migrations'
  put "$releases/$id/systemd/"chatbot-migrate.service "$units/"chatbot-migrate.service 644
  systemctl daemon-reload
  point /opt/chatbot/next "$id"
  place=$(log_end chatbot-migrate.service) former=$(invocation chatbot-migrate.service)
  if ! systemctl start chatbot-migrate.service; then
    show_log chatbot-migrate.service
    if [ "$leased" = no ]; then mark "$id" failed; fi
    words=$(said chatbot-migrate.service "$place" "$former")
    die "the migrations failed, nothing was switched$words"
  fi
fi
if [ "$only" = migrate ]; then exit 0; fi

# --- the switch ---

if ! activate "$id"; then
  if [ "$leased" = yes ]; then die "$cause"; fi
  mark "$id" failed
  if [ -z "$previous" ] || [ ! -e "$releases/$previous/release.json" ]; then
    die "$id failed, and there is no release to go back to: $cause"
  fi
  say "back to $previous"
  why=$cause
  if activate "$previous"; then die "$id failed; $previous runs and is ready; $why"; fi
  die "$id failed, and $previous is not ready either: see above"
fi
if [ "$leased" = yes ]; then
  say "$id runs and is ready"
  exit 0
fi
if [ -n "$previous" ] && [ "$previous" != "$id" ] && [ "$(field "$previous" status)" = verified ]; then mark "$previous" superseded; fi
if [ "$(field "$id" status)" != verified ]; then mark "$id" verified; fi

# --- no more of the old ones than are wanted, and never the one to go back to ---

kept=0
while read -r _ old; do
  kept=$((kept + 1))
  if [ "$kept" -gt 5 ] && [ "$old" != "$id" ] && [ "$old" != "$previous" ]; then
    say "remove release $old"
    rm -rf "${releases:?}/$old"
  fi
done < <(all_releases)
say "$id runs and is ready"
