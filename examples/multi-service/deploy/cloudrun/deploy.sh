#!/usr/bin/env bash
# Deploys aixgo to Cloud Run: a revision without traffic, which is verified, and then given the traffic. setup.sh
# comes before the first one. Safe to run again, whatever ended the last run. --help tells the flags.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
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
deploy.sh [flag...]
  --tag TAG          the version of the images; else \$AIDEPLOY_TAG, else aideploy.yaml's, else git describe
  --digest [SERVICE=]sha256:...
                     of an image, instead of asking the registry for that of the tag; may be repeated
  --secret ID=VERSION
                     of a secret, instead of its newest enabled version; may be repeated
  --release ID       what aideploy's record calls this, and
  --content HASH     of all that it is made of, and
  --commit HASH      of the project, and
  --by WHO           deploys it; the revision keeps them
  --only SERVICE     this one, not all (${units[*]}); may be repeated
  --steps LIST       shares of the traffic on the way, such as 10,50,100 ($steps)
  --pause SECONDS    between two steps ($pause)
  --no-traffic       stops when the revision is verified, at a URL of its own
  --no-verify        asks the revision nothing; rollback.sh will not choose it
  --project-dir DIR  where the files are that services read ($here/../..)
  --dry-run          the steps
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

tag='' steps=100 pause=60 traffic=yes verify=yes dry=no sources=$here/../..
release='' content='' commit='' by='' digests=() versions=() chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --tag | --digest | --secret | --release | --content | --commit | --by | --only | --steps | --pause | --project-dir) [ $# -ge 2 ] || misuse "$1 needs a value" ;;
    *) ;;
  esac
  case $1 in
    --tag) AIDEPLOY_TAG=$2; shift ;;
    --digest) digests+=("$2"); shift ;;
    --secret) versions+=("$2"); shift ;;
    --release) release=$2; shift ;;
    --content) content=$2; shift ;;
    --commit) commit=$2; shift ;;
    --by) by=$2; shift ;;
    --only) chosen+=("$2"); shift ;;
    --steps) steps=$2; shift ;;
    --pause) pause=$2; shift ;;
    --project-dir) sources=$2; shift ;;
    --no-traffic) traffic=no ;;
    --no-verify) verify=no ;;
    --dry-run) dry=yes ;;
    --help | -h) usage; exit 0 ;;
    *) misuse "unknown flag $1" ;;
  esac
  shift
done
[ ${#chosen[@]} -gt 0 ] || chosen=("${units[@]}")
for unit in "${chosen[@]}"; do facts "$unit"; done

tag=${AIDEPLOY_TAG:-$tag}
if [ -z "$tag" ]; then
  tag=$(git describe --tags --always 2>/dev/null) || misuse 'no version: give --tag or AIDEPLOY_TAG, or deploy from a git repository'
fi
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || misuse "$tag is no version: letters, digits, _ . and - only"
[[ $release =~ ^[A-Za-z0-9_.+-]{0,140}$ ]] || misuse "$release is no release"
for hash in "$content" "$commit"; do [[ $hash =~ ^[0-9a-f]{0,64}$ ]] || misuse "$hash is no hash"; done
[[ $by =~ ^[A-Za-z0-9_.@-]{0,200}$ ]] || misuse "$by is nobody"
[ "$tag" != latest ] || misuse 'the tag latest moves, so a rollback could not name what ran'
[[ $pause =~ ^[0-9]{1,5}$ ]] || misuse "--pause $pause: a number of seconds"
last=0
for share in ${steps//,/ }; do
  if [[ ! $share =~ ^[1-9][0-9]{0,2}$ ]] || [ "$share" -le "$last" ]; then last=0; break; fi
  last=$share
done
[ "$last" = 100 ] || misuse "--steps $steps: rising shares that end in 100, such as 10,50,100"

if [ "$dry" = yes ]; then
  printf '%s\n' "1. the images of $tag by their digests, and the newest enabled version of each secret" \
    "2. a revision of each (${chosen[*]}) without traffic, with the tag candidate" \
    "3. verify it at the URL of that tag" \
    "4. shift traffic: $steps, $pause seconds between, and verify the service after each" \
    'when one of them fails: traffic goes back to where it was, and exit 1'
  exit 0
fi

command -v gcloud >/dev/null || die 'gcloud is missing'
command -v curl >/dev/null || [ "$verify" = no ] || die 'curl is missing (or --no-verify)'
umask 077
work=$(mktemp -d) shifting=no
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# finish CODE: however it ends, traffic that was on its way to a revision goes back to where it was.
finish() {
  local code=$1
  trap '' INT TERM
  if [ "$shifting" = yes ]; then
    for unit in "${chosen[@]}"; do back || code=3; done
  fi
  rm -rf "$work"
  exit "$code"
}

# back: the traffic of one service.
back() {
  local split
  split=$(awk -F, '$2 > 0 { share[$1] += $2 } END { for (name in share) { printf "%s%s=%s", comma, name, share[name]; comma = "," } }' "$work/$unit.before")
  if [ -z "$split" ]; then
    say "$unit: nothing served before, so there is nothing to go back to"
  elif run services update-traffic "$unit" "--to-revisions=$split" >&2; then
    say "$unit: traffic is where it was ($split)"
  else
    say "$unit: traffic is NOT where it was. By hand:"
    say "gcloud run services update-traffic $unit --to-revisions=$split --project=$project --region=$region"
    return 1
  fi
}

# --- what is deployed ---

# image: what Cloud Run pulls, by its digest, since a tag may be moved.
image() {
  local each digest=''
  for each in ${digests[@]+"${digests[@]}"}; do
    case $each in "$unit="*) digest=${each#*=} ;; *=*) ;; *) digest=$each ;; esac
  done
  if [ -z "$digest" ]; then
    if [ "$lookup" = artifacts ]; then
      digest=$(value image_summary.digest cloud artifacts docker images describe "$built:$tag") ||
        die "there is no image $built:$tag: scripts/build.sh --push comes before"
    else
      digest=$(docker buildx imagetools inspect "$built:$tag" --format '{{.Manifest.Digest}}') ||
        die "the digest of $built:$tag is not known: say it by --digest"
    fi
  fi
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || die "$digest is no digest of $built:$tag"
  printf 'IMAGE %s\n' "$pulled@$digest"
}

# secret NAME ID NEED: a revision keeps the version it was made with, so that going back brings the key back too.
secret() {
  local each version=''
  for each in ${versions[@]+"${versions[@]}"}; do
    case $each in "$2="*) version=${each#*=} ;; *) ;; esac
  done
  [ -n "$version" ] || version=$(newest "$2")
  [ -n "$version" ] || [ "$3" = optional ] || die "the secret $2 has no enabled version: setup.sh gives it one"
  printf 'SECRET_%s %s\n' "$1" "$version"
}

# source_file VARIABLE ID SOURCE: as it is in the project, in a version of its own where none has that content.
source_file() {
  local version
  [ -f "$sources/$3" ] || die "$sources/$3 is missing (--project-dir)"
  version=$(newest "$2")
  if [ -z "$version" ] || ! cloud secrets versions access "$version" "--secret=$2" | cmp -s - "$sources/$3"; then
    say "$2: a version of $3"
    version=$(value 'name.basename()' cloud secrets versions add "$2" "--data-file=$sources/$3")
  fi
  printf '%s %s\n' "$1" "$version"
}

# host VARIABLE UNIT: of another service, which was deployed before.
host() {
  local url
  url=$(value status.url run services describe "$2") || die "$2 has no URL: deploy it first"
  printf '%s %s\n' "$1" "${url#https://}"
}

# pins: what only a deploy knows, for the ${AIDEPLOY_...} of the file.
pins() {
  printf 'TAG %s\nRELEASE %s\nCONTENT %s\n' "$tag" "$release" "$content"
  image
  case $unit in
    aixgo-mcp)
      secret XAI_API_KEY xai-api-key optional
      secret OPENAI_API_KEY openai-api-key optional
      secret HUGGINGFACE_API_KEY huggingface-api-key optional
      ;;
    *) ;;
  esac
}

checksum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# name: of the revision, by what it is made of, so that the same is not made twice; one that failed is made anew.
name() {
  local base hash n
  hash=$(cat "$work/$unit.pins" "$here/$file" | checksum)
  base=$unit-$(printf '%s' "$tag" | LC_ALL=C tr '[:upper:]' '[:lower:]' | LC_ALL=C tr -c 'a-z0-9' '-')
  base=${base:0:50}
  while [ "${base%-}" != "$base" ]; do base=${base%-}; done
  base=$base-${hash:0:8} revision=$base
  for ((n = 2; ; n++)); do
    ready=$(state "$revision")
    [ "$ready" = False ] || return 0
    revision=$base-$n
  done
}

# fill FILE: the file with what its lines ask for; a line that asks for nothing that is there is left out.
fill() {
  awk '
    NR == FNR { name = $1; known[name] = 1; value[name] = substr($0, length(name) + 2); next }
    {
      line = ""; rest = $0; left = 0
      while (match(rest, /[$][{]AIDEPLOY_[A-Za-z0-9_]+[}]/)) {
        name = substr(rest, RSTART + 11, RLENGTH - 12)
        if (!(name in known)) { print FILENAME ": nothing is known of " name >"/dev/stderr"; exit 1 }
        if (value[name] == "") left = 1
        line = line substr(rest, 1, RSTART - 1) value[name]
        rest = substr(rest, RSTART + RLENGTH)
      }
      if (!left) print line rest
    }' "$1" "$here/$file"
}

# routes: traffic as it was, and the new revision with nothing but its tag. Where nothing serves yet something must.
routes() {
  local each share label _ served=no
  printf '  traffic:\n'
  while IFS=, read -r each share label _; do
    if [ "$label" = candidate ]; then label=''; fi
    if [ -n "$share" ]; then served=yes; fi
    if [ -n "$share$label" ]; then
      printf '    - { revisionName: %s%s%s }\n' "$each" "${share:+, percent: $share}" "${label:+, tag: $label}"
    fi
  done <"$work/$unit.before"
  if [ "$served" = no ]; then printf '    - { latestRevision: true, percent: 100 }\n'; fi
  printf '    - { revisionName: %s, tag: candidate }\n' "$revision"
}

# --- the revision, without traffic ---

candidate() {
  local former='' each list='' count=0
  : >"$work/$unit.before"
  if found run services describe "$unit"; then
    traffic "$unit" >"$work/$unit.before"
    former=$(verified "$unit")
  fi
  pins >"$work/$unit.pins"
  name
  if [ "$ready" != absent ]; then
    say "$revision is there already"
    grep -Eq "^$revision,[0-9]*,candidate," "$work/$unit.before" ||
      run services update-traffic "$unit" "--update-tags=candidate=$revision" >&2 ||
      die "$revision got no tag; traffic stays where it was"
    return 0
  fi
  for each in $former; do
    if [ "$count" -lt 10 ]; then list="$list $each"; fi
    count=$((count + 1))
  done
  {
    cat "$work/$unit.pins"
    printf 'REVISION %s\nCOMMIT %s\nBY %s\n' "$revision" "$commit" "$by"
    printf 'RECORD %s\n' "$(if [ "$verify" = yes ]; then echo "$revision"; fi)"
    printf 'VERIFIED %s\n' "${list# }"
  } >"$work/$unit.known"
  if grep -q '^  traffic:' "$here/$file"; then die "$file says where traffic goes, which deploy.sh does: take spec.traffic out"; fi
  { fill "$work/$unit.known"; routes; } >"$work/$unit.yaml"
  say "revision $revision"
  run services replace "$work/$unit.yaml" >&2 || {
    say "$revision did not become ready; traffic stays where it was. Its logs:"
    say "gcloud logging read 'resource.labels.revision_name=\"$revision\"' --project=$project --limit=50"
    exit 1
  }
}

# urls: of the service, for which tokens are, and of the new revision alone; kept, so that nothing is asked while traffic moves.
urls() {
  audience=$(value status.url run services describe "$unit")
  own=$(run services describe "$unit" '--flatten=status.traffic[]' '--format=csv[no-heading](status.traffic.tag,status.traffic.url)' |
    awk -F, '$1 == "candidate" { print $2 }')
  if [ -z "$audience" ] || [ -z "$own" ]; then die "$unit has no URL yet"; fi
  printf '%s\n' "$revision" "$audience" "$own" >"$work/$unit.made"
}

# made UNIT: what is known of it now.
made() {
  facts "$1"
  { read -r revision; read -r audience; read -r own; } <"$work/$1.made"
}

for unit in "${chosen[@]}"; do
  facts "$unit"
  candidate
  urls
done
if [ "$verify" = yes ]; then
  for unit in "${chosen[@]}"; do
    made "$unit"
    say "verify $own"
    well "$kind" "$own" "${paths[@]}" || die "$revision is not well; traffic stays where it was"
  done
fi
if [ "$traffic" = no ]; then
  for unit in "${chosen[@]}"; do made "$unit"; say "$revision is at $own, without traffic"; done
  exit 0
fi

# --- traffic ---

# move: a share of the traffic to the new revision; the others keep theirs of what is left.
move() {
  if [ "$(pinned "$unit")" = "$revision" ]; then return 0; fi
  say "$share % of the traffic of $unit to $revision"
  run services update-traffic "$unit" "--to-revisions=$revision=$share" >&2
}

shifting=yes
for share in ${steps//,/ }; do
  for unit in "${chosen[@]}"; do
    made "$unit"
    move || die "$unit: traffic could not be shifted"
  done
  if [ "$verify" = yes ]; then
    for unit in "${chosen[@]}"; do
      made "$unit"
      well "$kind" "$audience" "${paths[@]}" || die "$unit is not well with $share % of its traffic at $revision"
    done
  fi
  if [ "$share" != 100 ]; then sleep "$pause"; fi
done
shifting=no
for unit in "${chosen[@]}"; do
  made "$unit"
  say "$revision serves all requests of $audience"
  if [ ! -s "$work/$unit.before" ]; then say 'this was the first: run setup.sh again, for who may call it and its domain'; fi
done
