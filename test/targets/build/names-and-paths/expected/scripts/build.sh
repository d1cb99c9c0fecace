#!/usr/bin/env bash
# Tests a-name-of-thirty-one-characters, builds what a host needs, with checksums, and the images. --help tells the flags.
# shellcheck disable=SC2016 # what the configuration says between single quotes is meant as it stands
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

services=(s234567890123456789012345678901 below-a-path)
image_platforms=linux/arm/v7
go_platforms='linux/amd64 linux/arm64 darwin/amd64 windows/amd64'
tag=v1.0.0-rc.1_build.20260131
out=build only='' skipped='' builder='' push=no programs=yes images=yes
build_args=() made=()

usage() {
  cat <<USAGE
scripts/build.sh [flag...]
  --tag TAG              the version; else \$AIDEPLOY_TAG, else aideploy.yaml's, else git describe
  --only SERVICE         this one, not all (${services[*]}); may be repeated
  --no-gates             no checks before the build; --skip NAME for one: clean, committed, vet, test
  --platforms LIST       of Go programs ($go_platforms)
  --out DIR              for programs, archives, VERSION and SHA256SUMS ($out)
  --no-programs          images only
  --no-image             programs and archives only
  --image-platforms LIST of pushed images ($image_platforms); one that stays here is for this machine
  --builder TOOL         buildx, docker, podman or buildah; the first that is here when omitted
  --build-arg NAME=VALUE for the Dockerfile, such as RUNTIME_IMAGE=<mirror>/<image>:<tag>; may be repeated
  --push                 push the images
SOURCE_DATE_EPOCH is the build time, else that of the commit: equal sources give equal bytes.
USAGE
}

say() { printf 'build: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
misuse() { say "$*"; usage >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --tag | --only | --skip | --platforms | --out | --image-platforms | --builder | --build-arg)
      [ $# -ge 2 ] || misuse "$1 needs a value" ;;
    *) ;;
  esac
  case $1 in
    --tag) AIDEPLOY_TAG=$2; shift ;;
    --only) case " ${services[*]} " in *" $2 "*) only="$only $2" ;; *) misuse "no service is named $2" ;; esac; shift ;;
    --no-gates) skipped='all' ;;
    --skip) skipped="$skipped $2"; shift ;;
    --platforms) go_platforms=${2//,/ }; shift ;;
    --out) out=${2%/}; shift ;;
    --no-programs) programs=no ;;
    --no-image) images=no ;;
    --image-platforms) image_platforms=${2// /,}; shift ;;
    --builder) builder=$2; shift ;;
    --build-arg) build_args+=(--build-arg "$2"); shift ;;
    --push) push=yes ;;
    --help | -h) usage; exit 0 ;;
    *) misuse "unknown flag $1" ;;
  esac
  shift
done

# --- what is built: version, commit, time ---

in_git() { git rev-parse --git-dir >/dev/null 2>&1; }
clean() { [ -z "$(git status --porcelain)" ]; }

tag=${AIDEPLOY_TAG:-$tag}
if [ -z "$tag" ]; then
  tag=$(git describe --tags --always --dirty 2>/dev/null) || die 'no version: give --tag or AIDEPLOY_TAG, or build in a git repository'
fi
[[ $tag =~ ^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$ ]] || die "$tag can be no image's tag: letters, digits, _ . and - only"
[ "$tag" != latest ] || die 'the tag latest moves, so a rollback could not name what ran'

commit=$(git rev-parse HEAD 2>/dev/null) || commit=unknown
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  if in_git && clean; then SOURCE_DATE_EPOCH=$(git log -1 --format=%ct); else SOURCE_DATE_EPOCH=$(date +%s); fi
fi
export SOURCE_DATE_EPOCH
# GNU's date, else the one of macOS.
time=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
say "version $tag, commit $commit, time $time"

# wanted SERVICE...: whether one of them is to be built.
wanted() {
  local key
  for key in "$@"; do
    case " ${only:-${services[*]}} " in *" $key "*) return 0 ;; *) ;; esac
  done
  return 1
}

# --- gates: what must be true of sources that are released ---

# gate NAME: whether to check; a check that is left out is named.
gate() {
  case " $skipped " in *" $1 "* | *' all '*) say "gate $1: skipped"; return 1 ;; *) say "gate $1" ;; esac
}

gate_clean() {
  gate clean || return 0
  in_git || { say 'gate clean: this is no git repository, so there is nothing to compare with'; return 0; }
  clean || die 'there are changes that no commit has: commit them, or --skip clean'
}

# gate_committed FILE...: builds elsewhere need these as they are here.
gate_committed() {
  local file
  gate committed || return 0
  in_git || { say 'gate committed: this is no git repository'; return 0; }
  for file in "$@"; do
    git ls-files --error-unmatch -- "$file" >/dev/null 2>&1 || die "$file is not committed: commit it, or --skip committed"
  done
}

# gates_go FOLDER
gates_go() {
  local compiler
  gate_committed "$1/go.mod"
  # A module that needs no other has no go.sum.
  if [ -e "$1/go.sum" ] || grep -q '^require' "$1/go.mod"; then gate_committed "$1/go.sum"; fi
  if gate vet; then (cd "$1" && go vet ./...); fi
  gate test || return 0
  compiler=$(go env CC)
  if [ "$(go env CGO_ENABLED)" = 1 ] && command -v "${compiler%% *}" >/dev/null; then
    (cd "$1" && go test -race ./...)
  else
    say 'gate test: without -race, which needs a C compiler'
    (cd "$1" && go test ./...)
  fi
}

# gates_python FOLDER MANIFEST
gates_python() {
  local python=python3
  gate_committed "$1/$2"
  gate test || return 0
  if [ -x "$1/.venv/bin/python" ]; then python=.venv/bin/python; fi
  if [ -z "$(find "$1" -name .venv -prune -o \( -name 'test_*.py' -o -name '*_test.py' \) -print)" ]; then
    say "gate test: there are no tests in $1"
  elif (cd "$1" && "$python" -c 'import pytest' 2>/dev/null); then
    (cd "$1" && "$python" -m pytest -q)
  else
    (cd "$1" && "$python" -m unittest discover)
  fi
}

# --- programs and archives ---

# report FILE: of $out, with its size.
report() {
  made+=("$1")
  say "$out/$1: $(awk -v bytes="$(wc -c <"$out/$1")" 'BEGIN { printf "%.1f MiB", bytes / 1048576 }')"
}

# go_program FOLDER PACKAGE NAME: one file for each platform, static and with the version in it.
go_program() {
  local platform os arch variant name
  local stamp="-s -w -X 'main.version=$tag' -X 'main.commit=$commit' -X 'main.buildTime=$time'"
  for platform in $go_platforms; do
    IFS=/ read -r os arch variant <<<"$platform"
    name=$3-$os-$arch$variant
    if [ "$os" = windows ]; then name=$name.exe; fi
    (cd "$1" && CGO_ENABLED=0 GOOS=$os GOARCH=$arch GOARM=${variant#v} \
      go build -trimpath -buildvcs=false -tags timetzdata -ldflags "$stamp" -o "$absolute/$name" "$2")
    report "$name"
  done
}

# What is archived: the commit, or the changed files as they are where --skip clean allowed any.
tree() {
  local changes
  in_git || die 'an archive is made of what git has, and this is no git repository'
  changes=$(git stash create)
  printf '%s\n' "${changes:-HEAD}"
}

# source_archive FOLDER NAME
source_archive() {
  local from
  from=$(tree)
  (cd "$1" && git archive --format=tar --prefix="$2-$tag/" "$from") | gzip -n >"$out/$2.tar.gz"
  report "$2.tar.gz"
}

# What a deploy of another version refuses.
checksums() {
  cd "$absolute"
  printf '%s\n' "$tag" >VERSION
  made+=(VERSION)
  if command -v sha256sum >/dev/null; then sha256sum "${made[@]}"; else shasum -a 256 "${made[@]}"; fi >SHA256SUMS
  say "$out/SHA256SUMS: ${#made[@]} files"
}

# --- images ---

choose_builder() {
  if docker buildx version >/dev/null 2>&1; then echo buildx
  elif command -v docker >/dev/null; then echo docker
  elif command -v podman >/dev/null; then echo podman
  elif command -v buildah >/dev/null; then echo buildah
  else die 'no tool that builds images is here: docker, podman or buildah (or --no-image)'; fi
}

# image REPOSITORY DOCKERFILE CONTEXT
image() {
  local name=$1:$tag
  local args=(--file "$2" --build-arg "VERSION=$tag" --build-arg "COMMIT=$commit" --build-arg "BUILD_TIME=$time")
  args+=(${build_args[@]+"${build_args[@]}"})
  say "image $name, by $builder"
  case $builder-$push in
    buildx-yes) docker buildx build "${args[@]}" --platform "$image_platforms" --tag "$name" --push "$3" ;;
    buildx-no) docker buildx build "${args[@]}" --tag "$name" --load "$3" ;;
    docker-*) DOCKER_BUILDKIT=1 docker build "${args[@]}" --tag "$name" "$3" ;;
    # Docker's format: the other one has no place for a health check.
    podman-yes | buildah-yes)
      "$builder" manifest rm "$name" >/dev/null 2>&1 || true
      "$builder" build --format docker "${args[@]}" --platform "$image_platforms" --manifest "$name" "$3"
      "$builder" manifest push --all "$name" "docker://$name" ;;
    podman-no | buildah-no) "$builder" build --format docker "${args[@]}" --tag "$name" "$3" ;;
    *) misuse "--builder is buildx, docker, podman or buildah, not $builder" ;;
  esac
  case $builder-$push in
    docker-yes)
      say "docker build makes one platform only: $name is for this machine's"
      docker push "$name" ;;
    buildx-no | docker-no) say "$name: $(docker image inspect "$name" | sed -n 's/^ *"Size": \([0-9]*\).*/\1/p') bytes" ;;
    podman-no | buildah-no) "$builder" images "$name" ;;
    *) ;;
  esac
}

# --- the work ---

gate_clean
if wanted s234567890123456789012345678901; then gates_python 'my services/api'\''s "best" $one' 'requirements files/prod.txt'; fi
if wanted below-a-path; then gates_go below; fi

if [ "$programs" = yes ]; then
  # What is made here is never committed.
  if [ ! -d "$out" ]; then mkdir -p "$out" && printf '*\n' >"$out/.gitignore"; fi
  absolute=$(cd "$out" && pwd)
  if wanted s234567890123456789012345678901; then
    source_archive 'my services/api'\''s "best" $one' a-name-of-thirty-one-characters-s234567890123456789012345678901
  fi
  if wanted below-a-path; then
    go_program below ./cmd/the-very-long-name-of-a-program-that-somebody-chose the-very-long-name-of-a-program-that-somebody-chose
    go_program below ./cmd/second second
    go_program below './cmd/with space' 'with space'
  fi
  (checksums)
fi

if [ "$images" = yes ]; then
  builder=${builder:-$(choose_builder)}
  if wanted s234567890123456789012345678901; then image registry.example.com:5443/deep/er/path_with.dots/a-name-of-thirty-one-characters-s234567890123456789012345678901 docker/s234567890123456789012345678901.Dockerfile 'my services/api'\''s "best" $one'; fi
  if wanted below-a-path; then image registry.example.com:5443/deep/er/path_with.dots/a-name-of-thirty-one-characters-below-a-path docker/below-a-path.Dockerfile below; fi
fi
