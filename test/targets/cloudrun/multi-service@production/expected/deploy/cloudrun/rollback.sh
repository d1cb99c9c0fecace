#!/usr/bin/env bash
# Gives the traffic of aixgo back to a revision that was verified: its image, its settings and its versions of secrets.
# It stays there, whatever is deployed by hand, until deploy.sh sends it on or --unpin does. --help tells the flags.
set -euo pipefail
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }
misuse() { say "$*"; usage >&2; exit 2; }

project=my-project region=us-central1
units=(aixgo-mcp)

# It never asks: what would need an answer fails, and says so.
cloud() { gcloud "$@" "--project=$project" --quiet; }
run() { cloud run "$@" "--region=$region"; }

# found COMMAND...: whether what it describes is there. When that cannot be known nothing is done.
found() {
  local said
  if said=$("$@" 2>&1 >/dev/null); then return 0; fi
  case $said in
    *NOT_FOUND* | *'Cannot find '* | *'not found'*) return 1 ;;
    *) printf '%s\n' "$said" >&2; die "no answer to: gcloud $*" ;;
  esac
}

# value FORMAT COMMAND...: what gcloud prints of it.
value() { local format=$1; shift; "$@" "--format=value($format)"; }

# newest ID: the version of a secret that is used, the last enabled one; empty where there is none.
newest() {
  found cloud secrets describe "$1" || return 0
  value 'name.basename()' cloud secrets versions list "$1" --filter=state=ENABLED --sort-by=~createTime --limit=1
}

usage() {
  cat <<USAGE
rollback.sh [flag...]
  --only SERVICE   this one, not all (${units[*]}); may be repeated
  --to REVISION    this one, of one service; else the last verified one before the one that serves
  --list           the verified revisions, the newest first
  --unpin          traffic follows the latest revision again, which has to be the one that serves
  --dry-run        the steps
USAGE
}

# traffic UNIT: its revisions with their share, their tag, and True where it is the latest that is meant: a line each.
traffic() {
  run services describe "$1" '--flatten=status.traffic[]' \
    '--format=csv[no-heading](status.traffic.revisionName,status.traffic.percent,status.traffic.tag,status.traffic.latestRevision)'
}

# serving UNIT: the revision that has all the traffic, if one has. pinned UNIT: if that one was named.
serving() { traffic "$1" | awk -F, '$2 == 100 { print $1 }'; }
pinned() { traffic "$1" | awk -F, '$2 == 100 && $4 != "True" { print $1 }'; }

record() { value "metadata.annotations.\"aideploy/$2\"" run services describe "$1"; }

# verified UNIT: revisions that were verified, what serves now first: deploy.sh names a revision for all the traffic when
# it was verified, and not before. What came after it is left out: somebody went back from that one.
verified() {
  local now last list each rest=''
  now=$(pinned "$1") || return
  last=$(record "$1" revision) || return
  list=$(record "$1" verified) || return
  if [ -n "$now" ] && [ "$now" = "$last" ]; then echo "$now $list"; return; fi
  for each in $list; do
    if [ "$each" = "$now" ] || [ -n "$rest" ]; then rest="$rest $each"; fi
  done
  echo "${rest:-$list}"
}

# state REVISION: True, False or Unknown, as Cloud Run says whether it is ready; absent.
state() {
  if found run revisions describe "$1"; then
    value 'status.conditions.filter("type:Ready").extract(status).flatten()' run revisions describe "$1"
  else
    echo absent
  fi
}

# identify URL: a token for it, of whoever runs this, in $work/header.
identify() {
  local token=${AIDEPLOY_IDENTITY_TOKEN:-}
  # An account of a service says whom its token is for; that of a person cannot.
  [ -n "$token" ] || token=$(gcloud auth print-identity-token "--audiences=$1" --quiet 2>/dev/null) ||
    token=$(gcloud auth print-identity-token --quiet) ||
    { say 'no identity token, and the service is private: give one as AIDEPLOY_IDENTITY_TOKEN'; return 1; }
  printf 'Authorization: Bearer %s\n' "$token" >"$work/header"
}

# ask URL FLAG...: one request; the token stands in a file, and in no command line.
ask() { curl --silent --max-time 5 --header "@$work/header" "${@:2}" "$1"; }

# answers KIND URL: as a program that is well does. KIND is http, any (of any status but an error) or grpc.
answers() {
  local status
  case $1 in
    grpc)
      printf '\0\0\0\0\0' | ask "$2/grpc.health.v1.Health/Check" --http2-prior-knowledge --data-binary @- \
        --header 'content-type: application/grpc' --header 'te: trailers' \
        --dump-header "$work/answer" --output "$work/body" || return 1
      status=$(tr -d '\r' <"$work/answer" | awk 'tolower($1) == "grpc-status:" { print $2 }')
      # 12: it serves gRPC, and nothing that tells of its health. A reply ends in 1 where it is SERVING.
      [ "$status" = 12 ] || { [ "$status" = 0 ] && [ "$(od -An -tx1 "$work/body" | tr -d ' \n')" = 00000000020801 ]; } ;;
    *)
      status=$(ask "$2" --output "$work/body" --write-out '%{http_code}') || return 1
      case $1-$status in http-2?? | any-[234]??) ;; *) return 1 ;; esac ;;
  esac
}

# well KIND URL PATH...: each of them, within the attempts of aideploy.yaml.
well() {
  local kind=$1 url=$2 path attempt
  shift 2
  identify "$audience" || return 1
  [ "$kind" != grpc ] || set -- ''
  for path in "$@"; do
    for ((attempt = 1; ; attempt++)); do
      if answers "$kind" "$url$path"; then break; fi
      if [ "$attempt" -ge 30 ]; then say "$url$path: not well after $attempt attempts"; return 1; fi
      sleep 2
    done
  done
}

# facts UNIT: sets what is known of a service.
# shellcheck disable=SC2034 # not every script needs each of them
facts() {
  unit=$1
  case $1 in
    aixgo-mcp)
      file=service.yaml built=us-central1-docker.pkg.dev/my-project/aixgo/aixgo-mcp pulled=us-central1-docker.pkg.dev/my-project/aixgo/aixgo-mcp lookup=artifacts
      kind=grpc paths=(/) ;;
    *) die "there is no service $1; there are ${units[*]}" ;;
  esac
}

wanted='' list=no unpin=no dry=no chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --only | --to) [ $# -ge 2 ] || misuse "$1 needs a value" ;;
    *) ;;
  esac
  case $1 in
    --only) chosen+=("$2"); shift ;;
    --to) wanted=$2; shift ;;
    --list) list=yes ;;
    --unpin) unpin=yes ;;
    --dry-run) dry=yes ;;
    --help | -h) usage; exit 0 ;;
    *) misuse "unknown flag $1" ;;
  esac
  shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${units[@]}")
for unit in "${chosen[@]}"; do facts "$unit"; done
if [ -n "$wanted" ]; then
  [ ${#chosen[@]} = 1 ] || misuse '--to names a revision of one service: say which by --only'
  [[ $wanted =~ ^[a-z][a-z0-9-]{0,62}$ ]] || misuse "$wanted is no revision"
fi
command -v gcloud >/dev/null || die 'gcloud is missing'
command -v curl >/dev/null || die 'curl is missing'
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "$list" = yes ]; then
  for unit in "${chosen[@]}"; do
    now=$(serving "$unit")
    known=$(verified "$unit")
    for revision in $known; do
      if [ "$revision" = "$now" ]; then echo "$revision serves"; else echo "$revision"; fi
    done
  done
  exit 0
fi

if [ "$unpin" = yes ]; then
  for unit in "${chosen[@]}"; do
    now=$(serving "$unit")
    latest=$(value status.latestReadyRevisionName run services describe "$unit")
    [ "$now" = "$latest" ] || die "$unit: ${now:-no revision alone} serves, and the latest is $latest: deploy.sh first"
    if [ "$dry" = yes ]; then echo "$unit: to the latest, $latest"; else run services update-traffic "$unit" --to-latest >&2; fi
  done
  exit 0
fi

# former UNIT: verified, before what serves now, and still there.
former() {
  local now each revisions ready
  now=$(serving "$1") || return
  revisions=$(verified "$1") || return
  for each in $revisions; do
    [ "$each" != "$now" ] || continue
    ready=$(state "$each") || return
    if [ "$ready" = True ]; then echo "$each"; return; fi
  done
}

# All of them are known before one is changed.
for unit in "${chosen[@]}"; do
  now=$(serving "$unit")
  target=$wanted
  [ -n "$target" ] || target=$(former "$unit")
  [ -n "$target" ] || die "$unit: no verified revision is older than ${now:-what serves}: name one by --to"
  ready=$(state "$target")
  [ "$ready" = True ] || die "$target cannot serve: $ready"
  known=$(verified "$unit")
  case " $known " in
    *" $target "*) ;;
    *) say "$target was never verified" ;;
  esac
  printf '%s\n' "$target" >"$work/$unit.target"
  say "$unit: from ${now:-several} to $target"
done
say 'not reverted: migrations of a database, data written since, who may call, the domain'
[ "$dry" = no ] || exit 0

failed=no
for unit in "${chosen[@]}"; do
  facts "$unit"
  target=$(cat "$work/$unit.target")
  if [ "$(pinned "$unit")" != "$target" ]; then
    run services update-traffic "$unit" "--to-revisions=$target=100" >&2 || { say "$unit: traffic could not be shifted"; failed=yes; continue; }
  fi
  audience=$(value status.url run services describe "$unit")
  if well "$kind" "$audience" "${paths[@]}"; then
    say "$target serves all requests of $audience, until deploy.sh sends them on"
  else
    say "$target has the traffic and is not well; nothing else was tried"
    failed=yes
  fi
done
[ "$failed" = no ]
