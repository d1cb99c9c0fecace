# shellcheck shell=bash
# The kinds of others that our manifests use, as their makers define them: out of their Go modules.

# custom_resources NAME...: prints the files that define the kinds of those named.
custom_resources() {
  local name
  for name; do
    case $name in
      cert-manager) definitions github.com/cert-manager/cert-manager 1.21.2 'deploy/crds/*.yaml' ;;
      envoy-gateway)
        definitions github.com/envoyproxy/gateway 1.9.1 'charts/gateway-helm/charts/crds/crds/generated/*.yaml' ;;
      external-secrets) definitions github.com/external-secrets/external-secrets 1.3.2 'config/crds/bases/*_*.yaml' ;;
      gateway-api) definitions sigs.k8s.io/gateway-api 1.6.1 'config/crd/standard/*_*.yaml' ;;
      knative) definitions knative.dev/serving 0.51.0 'config/core/300-resources/*.yaml' ;;
      prometheus-operator)
        definitions github.com/prometheus-operator/prometheus-operator 0.85.0 'example/prometheus-operator-crd/*.yaml' ;;
      traefik) definitions github.com/traefik/traefik/v3 3.7.13 'docs/content/reference/dynamic-configuration/traefik.io_*.yaml' ;;
      *) die "unknown kinds: $name" ;;
    esac
  done
}

# definitions MODULE VERSION PATTERN
definitions() {
  local module=$1 version=$2 pattern=$3 folder=$TESTBED/custom-resources/${1//\//_}-$2 source
  if [ ! -d "$folder" ]; then
    command -v go >/dev/null || die "go is missing: it fetches $module"
    source=$(cd "$TESTBED" && go mod download -json "$module@v$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -n "$source" ] || die "$module $version could not be had"
    rm -rf "$folder.new"
    mkdir -p "$folder.new"
    # shellcheck disable=SC2086 # the pattern is one
    cp --no-preserve=mode "$source"/$pattern "$folder.new/"
    mv "$folder.new" "$folder"
  fi
  printf '%s\n' "$folder"/*.yaml
}
