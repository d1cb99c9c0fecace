#!/bin/sh
set -eu
docker push registry.example.com/acme/chat:edge
docker buildx build --push $TAGS .
