#!/bin/sh
set -eu
IMAGE=ghcr.io/acme/chat
TAG=$(git describe --tags)
docker build -t chat:latest -t "$IMAGE:$TAG" .
docker tag chat:latest "$IMAGE:stable"
trivy image --severity HIGH chat
docker push "$IMAGE:$TAG"
docker push docker.io/library/base:1
docker run --rm postgres:17 pg_dump --version
