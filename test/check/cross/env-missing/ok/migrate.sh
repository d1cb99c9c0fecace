#!/bin/sh
export DB_PASSWORD="$(cat /etc/chat/db)"
migrate up
docker run --rm ghcr.io/acme/smoke:1.0.0
