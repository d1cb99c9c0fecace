#!/bin/sh
set -eu
LDFLAGS="-s -w -X main.version=$(git describe --tags)"
go build -trimpath -ldflags "$LDFLAGS" -o dist/chat cmd/chat/main.go
go build ./...
docker build -t "ghcr.io/acme/chat:$1" .
