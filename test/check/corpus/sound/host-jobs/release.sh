#!/usr/bin/env bash
# release.sh <version>: puts a release beside the others, and goes back where it does not become ready.
set -euo pipefail
version=${1:?a version is needed}
releases=/srv/indexer/releases
before=$(readlink "$releases/current" || true)

install -d "$releases/$version"
tar -xzf "indexer-$version.tar.gz" -C "$releases/$version"
ln -sfn "$releases/$version" "$releases/current"
systemctl restart indexer

for _ in $(seq 30); do
  if curl --fail --silent --show-error --max-time 2 http://127.0.0.1:7000/readyz > /dev/null; then
    echo "$version is ready"
    exit 0
  fi
  sleep 1
done

echo "$version did not become ready" >&2
if [ -n "$before" ]; then
  ln -sfn "$before" "$releases/current"
  systemctl restart indexer
fi
exit 1
