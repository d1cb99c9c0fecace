#!/usr/bin/env bash
# How a deploy or a rollback of general-purpose-chatbot ended: for the run's summary, and for Slack where it has a webhook.
#   report.sh SAID   reads the JSON that aideploy said last, where it came to that
# It reads ACTION (deploy or rollback), WHERE, RELEASE, STATUS of the job, BACK (how a step that went back ended), IMAGES
# and WEBHOOK.
set -euo pipefail

run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
said='{}'
if [ -s "${1:-}" ]; then said=$(<"$1"); fi
# told FILTER: lines of what the command told.
told() { jq --raw-output "$1" <<<"$said"; }

release=$(told '.release // empty')
what="$WHERE: ${release:-${RELEASE:-the last verified release}}"
cause=$(told '[.cause // empty, .error.problems[]?.message] | first // empty')
details=$(told '.details[]?')
# Refused before anything was touched, or failed on the way back as well.
touched=$(told 'if .steps == [] or .error.exitCode == 2 then "no" elif any(.details[]?; startswith("going back to ")) then "back" else "" end')

case $ACTION-$(told '.outcome // empty')-$touched-$STATUS-${BACK:-} in
  deploy-*-success) headline="Rolled back: $what did not get through, and what served before serves again" ;;
  deploy-*-failure) headline="BROKEN: $what did not get through, and neither did going back" ;;
  deploy-verified-* | deploy---success-*) headline="Deployed to $what" ;;
  deploy-rolled-back-*) headline="Rolled back: $what failed, and what served before serves again" ;;
  deploy-failed-back-*) headline="BROKEN: $what failed, and so did going back" ;;
  deploy-*-no-*) headline="Not deployed to $what; nothing was changed" ;;
  rollback-*-no-*) headline="Not rolled back to $what; nothing was changed" ;;
  rollback-verified-*) headline="Rolled back to $what" ;;
  *-cancelled-*) headline="Cancelled: $ACTION, $what" ;;
  *-unverified-*) headline="Unfinished: $ACTION, $what; running it again finishes it" ;;
  *) headline="Failed: $ACTION, $what" ;;
esac

{
  printf '### %s\n' "$headline"
  if [ -n "$cause" ]; then printf '\n~~~text\n%s\n~~~\n' "$cause${details:+$'\n'$details}"; fi
  if [ -n "${IMAGES:-}" ]; then
    printf '\n| Image, by its digest |\n|---|\n'
    jq --raw-output 'to_entries[] | select(.key | startswith("image-")) | "| \(.value) |"' <<<"$IMAGES"
  fi
  if [ -n "$(told '.steps[0]? // empty')" ]; then
    printf '\n| Step | | Seconds |\n|---|---|---|\n'
    told '.steps[] | "| \(.title | gsub("\\|"; "\\|")) | \(.status) | \(.durationMs / 1000) |"'
  fi
} >>"$GITHUB_STEP_SUMMARY"

# An annotation ends with its line: https://github.com/actions/toolkit/blob/main/docs/commands.md
if [ -n "$cause" ]; then
  annotation="$headline: ${cause//'%'/%25}"
  printf '::error::%s\n' "${annotation//$'\n'/%0A}"
fi

[ -n "$WEBHOOK" ] || { echo 'no webhook of Slack is set, so nobody is told'; exit 0; }
# The address is a secret: not among the arguments, where every process of the machine can read it.
jq --null-input --arg text "$headline${cause:+$'\n'$cause}"$'\n'"commit ${GITHUB_SHA:0:12} by $GITHUB_ACTOR, $run" \
  '{text: ($text | gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;"))}' |
  curl --silent --show-error --fail --max-time 20 --retry 2 --header 'Content-Type: application/json' --data @- \
    --config <(printf 'url = "%s"\n' "$WEBHOOK") >/dev/null ||
  echo '::warning::Slack could not be told'
