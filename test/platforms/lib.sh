# shellcheck shell=bash
# What the platform scripts share: where things are kept, how a missing tool is obtained, how a daemon
# is started and ended. Everything downloaded or built stays in one folder, so only the first run is slow.
set -euo pipefail

TESTBED=${AIDEPLOY_TESTBED:-${XDG_CACHE_HOME:-$HOME/.cache}/aideploy-testbed}
RUN=$TESTBED/run
mkdir -p "$RUN"

# A socket and a client configuration of our own: an engine the machine already runs is never touched,
# nor is the user's ~/.docker.
export DOCKER_HOST=unix://$RUN/docker.sock
export DOCKER_CONFIG=$TESTBED/docker-config
mkdir -p "$DOCKER_CONFIG"
[ -e "$DOCKER_CONFIG/config.json" ] || echo '{}' >"$DOCKER_CONFIG/config.json" # buildah wants the file

COMPOSE_VERSION=2.40.3

say() { printf 'testbed: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# need COMMAND PACKAGE...: install Debian packages unless the command is there.
need() {
  local command=$1; shift
  command -v "$command" >/dev/null || install_packages "$@"
}

install_packages() {
  [ "$(id -u)" = 0 ] || die "run as root, or install: $*"
  command -v apt-get >/dev/null || die "there is no apt-get to install: $*"
  # Two lanes begin together on a fresh machine: one would find the lists of packages locked by the other.
  once apt fetch_and_install "$@"
}

fetch_and_install() {
  say "installing $*"
  # The package lists of a fresh machine are empty or old: refresh them only when they fail us.
  apt_install "$@" || { apt-get update -qq && apt_install "$@"; } >>"$RUN/apt.log" 2>&1 ||
    die "installing $* failed: $(tail -n 3 "$RUN/apt.log")"
}

apt_install() {
  # policy-rc.d 101: a package such as docker.io must not start a daemon beside the one we start.
  local policy=/usr/sbin/policy-rc.d ours=no status=0
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=600 "$@" >"$RUN/apt.log" 2>&1 || status=$?
  if [ $ours = yes ]; then rm -f "$policy"; fi
  return $status
}

# once NAME COMMAND...: run it while no other process runs the same NAME, so that two test runs
# that start together do not build the same thing into each other.
once() {
  local name=$1; shift
  ( flock 9; "$@" ) 9>"$RUN/$name.lock"
}

# running NAME: whether the daemon that `start` began is alive. The name is compared because after a
# reboot its number may belong to somebody else's process.
running() {
  local pid
  pid=$(cat "$RUN/$1.pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ]
}

# start NAME ARGUMENT...: run the daemon NAME in the background; its log is $RUN/NAME.log.
start() {
  local name=$1
  if running "$name"; then return; fi
  setsid "$@" >"$RUN/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$RUN/$name.pid"
}

# stop NAME: end the daemon that `start` began, and wait until it is gone.
stop() {
  local name=$1 pid
  running "$name" || return 0
  pid=$(cat "$RUN/$name.pid")
  kill "$pid"
  for _ in $(seq 300); do
    running "$name" || break
    sleep 0.1
  done
  if running "$name"; then kill -9 "$pid"; fi
  rm -f "$RUN/$name.pid"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
  local seconds=$1 what=$2; shift 2
  for _ in $(seq $((seconds * 4))); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.25
  done
  die "$what was not ready within $seconds s; see $RUN"
}

# storage: overlay where the kernel lets us mount one, else vfs, which works in any sandbox but copies
# the whole image for each container. AIDEPLOY_TESTBED_STORAGE decides otherwise.
storage() {
  local dir
  if [ -n "${AIDEPLOY_TESTBED_STORAGE:-}" ]; then
    echo "$AIDEPLOY_TESTBED_STORAGE"
    return
  fi
  dir=$(mktemp -d "$TESTBED/overlay.XXXXXX")
  mkdir "$dir/lower" "$dir/upper" "$dir/work" "$dir/merged"
  if mount -t overlay overlay -o "lowerdir=$dir/lower,upperdir=$dir/upper,workdir=$dir/work" \
    "$dir/merged" 2>/dev/null; then
    umount "$dir/merged"
    echo overlay
  else
    echo vfs
  fi
  rm -r "$dir"
}

# compose_plugin: Compose v2 is in no Debian 12 package, but its Go module is the whole program.
compose_plugin() {
  local binary=$TESTBED/tools/docker-compose-$COMPOSE_VERSION module=github.com/docker/compose/v2 work
  if [ ! -e "$binary" ]; then
    command -v go >/dev/null || die 'go is missing: Docker Compose is built with it'
    say "building Docker Compose $COMPOSE_VERSION (about two minutes, once)"
    work=$(mktemp -d "$TESTBED/compose.XXXXXX")
    # A module of our own, since `go install module@version` refuses a go.mod with exclude or replace lines.
    (
      cd "$work" &&
      go mod init testbed &&
      go get "$module/cmd@v$COMPOSE_VERSION" &&
      CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X $module/internal.Version=$COMPOSE_VERSION" \
        -o docker-compose "$module/cmd"
    ) >"$RUN/compose-build.log" 2>&1 || die "building Compose failed: $(tail -n 3 "$RUN/compose-build.log")"
    mkdir -p "${binary%/*}"
    mv "$work/docker-compose" "$binary"
    rm -r "$work"
  fi
  mkdir -p "$DOCKER_CONFIG/cli-plugins"
  ln -sf "$binary" "$DOCKER_CONFIG/cli-plugins/docker-compose"
}

# builder ARGUMENT...: buildah on storage of our own. The engine's legacy builder knows no `RUN --mount`, and
# BuildKit comes from no registry that a test machine can count on.
builder() {
  STORAGE=${STORAGE:-$(storage)}
  mkdir -p "$TESTBED/tmp"
  # TMPDIR is where `RUN --mount=type=cache` keeps its caches.
  TMPDIR=$TESTBED/tmp buildah --root "$TESTBED/buildah-$STORAGE" --runroot "$RUN/buildah" \
    --storage-driver "$STORAGE" "$@"
}

# image_id TAG: nothing when there is no such image.
image_id() { builder images --quiet --no-trunc "$1" 2>/dev/null || true; }

# build_image TAG CONTEXT FLAG...: build as `docker build` would. The format is Docker's, since OCI's has no HEALTHCHECK.
build_image() {
  local tag=$1 context=$2 before mounts=(); shift 2
  before=$(image_id "$tag")
  client_settings
  builder bud --isolation chroot --network host --format docker --pull-never --layers=false \
    "${mounts[@]}" --tag "$tag" "$@" "$context" || return
  # The image that had this tag until now would only fill the disk.
  if [ -n "$before" ] && [ "$before" != "$(image_id "$tag")" ]; then builder rmi "$before" >/dev/null 2>&1 || true; fi
}

# client_settings: fill `mounts` with bind mounts that show a build the machine's own settings for apt, Go, npm
# and pip: a mirror, a proxy's certificate. Mounted, they reach no image and no Dockerfile.
client_settings() {
  local dir=$TESTBED/client-settings certificates=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
  mkdir -p "$dir"
  apt-config dump | grep '^Acquire::[^ ]* ' | setting apt.conf
  { go env | sed -n "s/^\(GOPROXY\|GOSUMDB\|GONOSUMDB\|GONOPROXY\|GOPRIVATE\|GOINSECURE\)='\(.*\)'$/\1=\2/p"
    echo GOTOOLCHAIN=local; } | setting go.env
  { echo "registry=$(npm config get registry)"; echo 'cafile=/etc/ssl/certs/ca-certificates.crt'; } | setting npmrc
  { echo '[global]'
    python3 -m pip config list |
      sed -n "s/^[^=]*\.\(index-url\|extra-index-url\|trusted-host\|timeout\|default-timeout\)='\(.*\)'$/\1 = \2/p"
    echo 'cert = /etc/ssl/certs/ca-certificates.crt'; } | setting pip.conf
  mounts=(
    --volume "$certificates:/etc/ssl/certs/ca-certificates.crt:ro"
    --volume "$dir/apt.conf:/etc/apt/apt.conf.d/99machine:ro"
    --volume "$dir/go.env:/usr/local/go/go.env:ro"
    --volume "$dir/npmrc:/usr/local/etc/npmrc:ro"
    --volume "$dir/pip.conf:/etc/pip.conf:ro"
  )
}

# setting FILE: its whole text at once, since a build that another test began may be about to read it.
setting() {
  local new=$TESTBED/client-settings/$1.$BASHPID
  cat >"$new"
  mv "$new" "$TESTBED/client-settings/$1"
}

# to_engine TAG: hand the image to the Docker Engine, unless it has that very image.
to_engine() {
  local tag=$1 before
  before=$(docker image inspect --format '{{.Id}}' "$tag" 2>/dev/null || true)
  if [ "$before" = "$(image_id "$tag")" ]; then return; fi
  builder push --quiet "$tag" "docker-archive:/dev/stdout:$tag" | docker load --quiet >/dev/null
  # buildah's own name for a tag without a host comes along.
  docker image rm "localhost/$tag" >/dev/null 2>&1 || true
  if [ -n "$before" ]; then docker image rm "$before" >/dev/null 2>&1 || true; fi
}
