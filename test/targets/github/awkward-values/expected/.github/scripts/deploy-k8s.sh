#!/usr/bin/env bash
# Applies an overlay of awkward-values with its images by their digests, and waits until it serves; or goes back.
#   deploy-k8s.sh apply ENVIRONMENT   reads IMAGES (service -> repository) and DIGESTS (image-<service> -> image@digest)
#                                     and where there are migrations MIGRATION, their CronJob, NAMESPACE and DATABASE
#   deploy-k8s.sh back ENVIRONMENT    applies again what was applied before
# Both read PATIENCE, the seconds that a rollout may take, and keep what they know in RUNNER_TEMP.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '%s\n' "$*" >&2; }
[ $# = 2 ] || { say 'usage: deploy-k8s.sh apply|back ENVIRONMENT'; exit 2; }
overlay=deploy/k8s/overlays/$2
[ -d "$overlay" ] || { say "there is no $overlay"; exit 2; }
kept=$RUNNER_TEMP/deploy-$2
release=$kept/release.yaml before=$kept/before.json

# manifest: the overlay under a kustomization of its own, so that no rendered file is changed.
manifest() {
  local folder=deploy/k8s/.release-$2
  mkdir -p "$folder"
  jq --null-input --arg overlay "../overlays/$2" --argjson images "$IMAGES" --argjson digests "$DIGESTS" '
    def image: capture("^(?<newName>.+)@(?<digest>sha256:[0-9a-f]{64})$");
    {
      apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: [$overlay],
      images: [$images | to_entries[] | {name: .value} + (
        ($digests["image-" + .key] // "" | image) // error("\(.key) has no image with a digest"))]
    }' >"$folder/kustomization.yaml"
  kubectl kustomize "$folder"
  rm -r "$folder"
}

# live FILE: its objects as they are in the cluster, one after the other.
live() { kubectl get --filename "$1" --ignore-not-found --output json | jq --compact-output '.items // [.] | .[]'; }

# served FILE: waits until every workload of it serves in its newest form, or says why one does not.
served() {
  local name place left=$((SECONDS + PATIENCE)) workloads
  workloads=$(live "$1" | jq --raw-output '
    select(.kind | IN("Deployment", "StatefulSet", "DaemonSet")) | "\(.kind)/\(.metadata.name) \(.metadata.namespace)"')
  [ -n "$workloads" ] || { say "there is no workload in $1"; return 1; }
  while read -r name place; do
    kubectl rollout status "$name" --namespace "$place" --timeout "$((left > SECONDS ? left - SECONDS : 1))s" || {
      kubectl get pods --namespace "$place" --output wide >&2
      kubectl get events --namespace "$place" --field-selector type=Warning --sort-by .lastTimestamp >&2
      return 1
    }
  done <<<"$workloads"
}

# migrate: the CronJob of migrations, which never comes by itself, is started once, before the programs that need it.
migrate() {
  local job=$MIGRATION-$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT ended=''
  kubectl apply --filename "$overlay/namespace.yaml"
  kubectl apply --filename "$release" --selector 'app.kubernetes.io/component in (database, migrations)'
  if [ -n "$DATABASE" ]; then kubectl rollout status "$DATABASE" --namespace "$NAMESPACE" --timeout "${PATIENCE}s"; fi
  kubectl create job "$job" --from "cronjob/$MIGRATION" --namespace "$NAMESPACE"
  # It has a deadline of its own.
  until [[ $ended = *Complete* ]]; do
    [[ $ended != *Failed* ]] || { kubectl logs "job/$job" --namespace "$NAMESPACE" --tail 100 >&2; return 1; }
    sleep "${POLL:-5}"
    ended=$(kubectl get job "$job" --namespace "$NAMESPACE" --output 'jsonpath={.status.conditions[*].type}')
  done
}

case $1 in
  apply)
    mkdir -p "$kept"
    manifest "$@" >"$release"
    # Every object remembers what was last applied; one that kubectl apply never touched is not gone back to.
    live "$release" | jq --slurp '{apiVersion: "v1", kind: "List", items: [
      .[] | .metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] // empty | fromjson]}' >"$before"
    if [ -n "${MIGRATION:-}" ]; then migrate; fi
    kubectl apply --filename "$release"
    served "$release"
    ;;
  back)
    [ -s "$before" ] || { say 'nothing was applied, so there is nothing to go back from'; exit 0; }
    jq --exit-status '.items | length > 0' "$before" >/dev/null || { say 'nothing served before this one: it stays as it is, to be looked at'; exit 1; }
    kubectl apply --filename "$before"
    served "$before"
    say 'not reverted: objects that this release brought, migrations of a database, data written since'
    ;;
  *) say 'usage: deploy-k8s.sh apply|back ENVIRONMENT'; exit 2 ;;
esac
