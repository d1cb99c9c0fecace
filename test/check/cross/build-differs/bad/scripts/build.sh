#!/bin/sh
set -eu
VERSION=$(git describe --tags)
go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o dist/chat ./cmd/server/
