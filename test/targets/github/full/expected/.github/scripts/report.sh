#!/usr/bin/env bash
# How a deploy of chatbot ended: for the run's summary, and for Slack where it has a webhook.
# It reads PLATFORM, ENVIRONMENT, OUTCOME, BACK (how going back ended), TAG, IMAGES and WEBHOOK.
set -euo pipefail

run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
what="$PLATFORM, $ENVIRONMENT: $TAG"
case $OUTCOME-$BACK in
  success-*) headline="Deployed to $what" ;;
  *-success) headline="Rolled back: $what failed, and what served before serves again" ;;
  *-failure) headline="BROKEN: $what failed, and so did going back" ;;
  cancelled-*) headline="Cancelled: $what" ;;
  *) headline="Failed: $what" ;;
esac
images() { jq --raw-output 'to_entries[] | select(.key | startswith("image-")) | .value' <<<"$IMAGES"; }

{
  printf '### %s\n\n| Image, by its digest |\n|---|\n' "$headline"
  images | sed 's/.*/| & |/'
} >>"$GITHUB_STEP_SUMMARY"

[ -n "$WEBHOOK" ] || { echo 'no webhook of Slack is set, so nobody is told'; exit 0; }
# The address is a secret: not among the arguments, where every process of the machine can read it.
jq --null-input --arg text "$headline"$'\n'"commit ${GITHUB_SHA:0:12} by $GITHUB_ACTOR, $run" '{text: $text}' |
  curl --silent --show-error --fail --max-time 20 --retry 2 --header 'Content-Type: application/json' --data @- \
    --config <(printf 'url = "%s"\n' "$WEBHOOK") >/dev/null ||
  echo '::warning::Slack could not be told'
