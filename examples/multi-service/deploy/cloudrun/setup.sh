#!/usr/bin/env bash
# Prepares my-project for aixgo on Cloud Run: APIs, the image repository, the account, secrets and who may read them;
# and once the services are there, who may call them and the domain. Safe to run again. --help tells the flags.
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

account=aixgo-run@my-project.iam.gserviceaccount.com

usage() {
  cat <<USAGE
setup.sh [flag...]
  --secrets FILE   values of secrets, as NAME=value lines, for those without one or with another; mode 600
  --secret NAME    a new version of this one, from the standard input
  --dry-run        the steps
USAGE
}

values='' only='' dry=no
while [ $# -gt 0 ]; do
  case $1 in
    --secrets | --secret) [ $# -ge 2 ] || misuse "$1 needs a value" ;;
    *) ;;
  esac
  case $1 in
    --secrets) values=$2; shift ;;
    --secret) only=$2; shift ;;
    --dry-run) dry=yes ;;
    --help | -h) usage; exit 0 ;;
    *) misuse "unknown flag $1" ;;
  esac
  shift
done

if [ "$dry" = yes ]; then
  printf '%s\n' '1. enable the APIs' '2. the image repository aixgo' '3. the account aixgo-run@my-project.iam.gserviceaccount.com' '4. secrets, and that the account may read each of them; a new version where a value is given that differs' '5. these may call, with a token: serviceAccount:caller@my-project.iam.gserviceaccount.com'
  exit 0
fi
command -v gcloud >/dev/null || die 'gcloud is missing'
if [ -n "$values" ]; then
  [ -f "$values" ] || die "$values is missing"
  # GNU's stat, else the one of macOS.
  mode=$(stat -c %a "$values" 2>/dev/null || stat -f %Lp "$values")
  case $mode in ?00) ;; *) die "$values holds secrets: chmod 600 it" ;; esac
fi

# again COMMAND...: an account that was just made is not known everywhere at once.
again() {
  local n
  for n in 1 2 3 4 5; do
    if "$@" >/dev/null; then return 0; fi
    if [ "$n" -lt 5 ]; then sleep "$n"; fi
  done
  die "failed: gcloud ${*:2}"
}

# --- secrets: their values come by standard input or by a file, and stand in no command line ---

# given NAME: its value in the file, without the quotes around it.
given() {
  local text
  [ -n "$values" ] || return 0
  text=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$1=//p" "$values" | tail -n 1)
  text=${text%$'\r'}
  case $text in
    \"*\" | \'*\') if [ ${#text} -ge 2 ]; then text=${text:1:${#text}-2}; fi ;;
    *) ;;
  esac
  printf '%s' "$text"
}

# made ID: that there is such a secret.
made() {
  if ! found cloud secrets describe "$1"; then
    say "secret $1"
    cloud secrets create "$1" --replication-policy=automatic >/dev/null
  fi
}

# readable ID: by the account that the services run as.
readable() {
  again cloud secrets add-iam-policy-binding "$1" "--member=serviceAccount:$account" \
    --role=roles/secretmanager.secretAccessor --condition=None
}

# version ID VALUE: without a newline at its end.
version() {
  say "a version of $1"
  printf '%s' "$2" | cloud secrets versions add "$1" --data-file=- >/dev/null
}

# same ID VALUE: whether that is what is used already.
same() {
  local now
  now=$(newest "$1") || return
  [ -n "$now" ] && printf '%s' "$2" | cmp -s - <(cloud secrets versions access "$now" "--secret=$1")
}

lacking=()

# secret NAME ID NEED
secret() {
  local value
  if [ -n "$only" ] && [ "$only" != "$1" ]; then return 0; fi
  if [ -n "$only" ]; then
    IFS= read -r -s -d '' value || true
    # What was typed or piped ends in a newline, which is no part of it.
    value=${value%$'\n'}
    [ -n "$value" ] || die "the standard input holds no value for $1"
  else
    value=$(given "$1")
  fi
  made "$2"
  readable "$2"
  if [ -n "$value" ]; then
    same "$2" "$value" || version "$2" "$value"
  elif [ -z "$(newest "$2")" ] && [ "$3" = needed ]; then
    lacking+=("$1")
  fi
}

each_secret() {
  secret XAI_API_KEY xai-api-key optional
  secret OPENAI_API_KEY openai-api-key optional
  secret HUGGINGFACE_API_KEY huggingface-api-key optional
  return 0
}

if [ -n "$only" ]; then
  names=(XAI_API_KEY OPENAI_API_KEY HUGGINGFACE_API_KEY)
  case " ${names[*]} " in *" $only "*) ;; *) misuse "no service reads a secret $only" ;; esac
  each_secret
  say "deploy.sh makes a revision that reads it"
  exit 0
fi

# --- what a first deploy needs ---

say 'APIs'
cloud services enable run.googleapis.com artifactregistry.googleapis.com secretmanager.googleapis.com iam.googleapis.com

if ! found gcloud artifacts repositories describe aixgo --location=us-central1 --project=my-project --quiet; then
  say 'image repository aixgo'
  gcloud artifacts repositories create aixgo --repository-format=docker --location=us-central1 --project=my-project --quiet
fi

if ! found cloud iam service-accounts describe "$account"; then
  say "account $account"
  cloud iam service-accounts create aixgo-run --display-name='aixgo on Cloud Run'
fi

each_secret

# --- what needs the services ---

waiting=()

# callers UNIT: those who may call it, and with `public` off nobody without a token.
callers() {
  local members member
  members=$(run services get-iam-policy "$1" '--flatten=bindings[].members[]' '--format=csv[no-heading](bindings.role,bindings.members)')
  for member in allUsers allAuthenticatedUsers; do
    if printf '%s\n' "$members" | grep -Fqx "roles/run.invoker,$member"; then
      say "$1: $member may call it no more"
      run services remove-iam-policy-binding "$1" "--member=$member" --role=roles/run.invoker --condition=None >/dev/null
    fi
  done
  run services add-iam-policy-binding "$1" --member=serviceAccount:caller@my-project.iam.gserviceaccount.com --role=roles/run.invoker --condition=None >/dev/null
}

for unit in "${units[@]}"; do
  if found run services describe "$unit"; then callers "$unit"; else waiting+=("$unit"); fi
done

if [ ${#waiting[@]} -gt 0 ]; then
  say "not deployed yet: ${waiting[*]}. After deploy.sh run this again, for who may call them"
fi
if [ ${#lacking[@]} -gt 0 ]; then
  say "without a value: ${lacking[*]}. Give them by --secrets FILE, or one by one: setup.sh --secret NAME"
  exit 1
fi
