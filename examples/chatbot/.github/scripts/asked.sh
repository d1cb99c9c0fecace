#!/usr/bin/env bash
# How general-purpose-chatbot is to be deployed, for the steps behind: flags, and the release to go back to when the run is cancelled.
#   asked.sh RELEASES   reads the JSON of `aideploy releases`
# Who starts a run says it with its inputs: MIGRATION, and FORWARD for no way back. Else the trailers of the commits that
# the verified release has not: `Migration: expand`, `Migration: contract`, `Rollback: no`. Else migrations (MIGRATES
# says that there are any) are `expand` where nothing changed in their folder, MIGRATION_FILES, and MIGRATION_DEFAULT
# where something may have.
set -euo pipefail

verified=$(jq --raw-output '[.releases[] | select(.status == "verified")] | last // empty | .id' "$1")
commit=$(jq --raw-output '[.releases[] | select(.status == "verified")] | last // empty | .commit // empty' "$1")
# A history that was rewritten may not have it any more.
if [ -n "$commit" ] && git cat-file -e "$commit^{commit}" 2>/dev/null; then
  commits=("$commit..HEAD")
else
  commits=(--max-count=1 HEAD)
  commit=''
fi

# said NAME VALUE...: the first of these values that a commit has for this trailer.
said() {
  local name=$1 each all
  shift
  all=$(git log --format="%(trailers:key=$name,valueonly)" "${commits[@]}" | tr '[:upper:]' '[:lower:]' | sed '/^$/d' | sort --unique)
  for each in "$@"; do
    if grep --quiet --line-regexp --fixed-strings -e "$each" <<<"$all"; then echo "$each"; return; fi
  done
  [ -z "$all" ] || echo "::warning::$name: ${all//$'\n'/ } in the commits says nothing here, but one of these would: $*" >&2
}

migration() {
  local kind
  case ${MIGRATION:-} in
    expand | contract) echo "$MIGRATION"; return ;;
    *) kind=$(said Migration contract expand) ;;
  esac
  if [ -n "$kind" ]; then
    echo "$kind"
  elif [ -n "$commit" ] && [ -n "${MIGRATION_FILES:-}" ] && git diff --quiet "$commit" HEAD -- "$MIGRATION_FILES"; then
    echo expand
  else
    echo "${MIGRATION_DEFAULT:-}"
  fi
}

flags=()
if [ -n "${MIGRATES:-}" ]; then
  kind=$(migration)
  if [ -n "$kind" ]; then flags+=(--migration "$kind"); fi
fi
forward=$(said Rollback no)
if [ "${FORWARD:-}" = true ] || [ -n "$forward" ]; then
  flags+=(--no-rollback)
  verified=''
fi
printf 'flags=%s\nback=%s\n' "${flags[*]}" "$verified"
