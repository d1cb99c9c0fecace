# shellcheck shell=bash
# The programs of Kubernetes, from their Go modules: no package of Debian 12 has them, and no registry is asked.

KUBERNETES_VERSION=1.34.2
KUBERNETES=$TESTBED/tools/kubernetes-$KUBERNETES_VERSION

# kubernetes PROGRAM...: build those of k8s.io/kubernetes/cmd that are not there, `kubectl` among them.
kubernetes() {
  local missing=() program
  for program; do
    [ -e "$KUBERNETES/$program" ] || missing+=("k8s.io/kubernetes/cmd/$program")
  done
  if [ ${#missing[@]} = 0 ]; then return; fi
  command -v go >/dev/null || die 'go is missing: Kubernetes is built with it'
  say "building Kubernetes $KUBERNETES_VERSION: ${missing[*]##*/} (up to ten minutes, once)"
  kubernetes_build "${missing[@]}" >"$RUN/kubernetes-build.log" 2>&1 ||
    die "building Kubernetes failed: $(tail -n 3 "$RUN/kubernetes-build.log")"
}

kubernetes_build() (
  local work module replace=() stamp='-s -w' package minor=${KUBERNETES_VERSION#*.}
  work=$(mktemp -d "$TESTBED/kubernetes.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    stamp+=" -X $package.gitVersion=v$KUBERNETES_VERSION -X $package.gitMajor=1 -X $package.gitMinor=${minor%.*}"
  done
  module=$(go mod download -json "k8s.io/kubernetes@v$KUBERNETES_VERSION" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  # Its go.mod replaces each k8s.io/* by a folder of its own repository; they are published as v0.MINOR.PATCH.
  mapfile -t replace < <(sed -n "s|^\t\(k8s.io/[^ ]*\) => ./staging.*|-replace=\1=\1@v0.$minor|p" "$module")
  cd "$work" &&
    go mod init testbed &&
    go mod edit -require "k8s.io/kubernetes@v$KUBERNETES_VERSION" "${replace[@]}" &&
    CGO_ENABLED=0 go build -mod=mod -trimpath -ldflags "$stamp" -o "$work/bin/" "$@" &&
    mkdir -p "$KUBERNETES" &&
    mv "$work"/bin/* "$KUBERNETES/"
)

# from_module PROGRAM PACKAGE VERSION: beside them, a program of another module.
from_module() {
  local program=$1 package=$2 version=$3
  if [ -e "$KUBERNETES/$program" ]; then return; fi
  say "building $program $version (a minute or two, once)"
  GOBIN=$KUBERNETES CGO_ENABLED=0 go install -trimpath -ldflags '-s -w' "$package@v$version" >"$RUN/$program-build.log" 2>&1 ||
    die "building $program failed: $(tail -n 3 "$RUN/$program-build.log")"
}
