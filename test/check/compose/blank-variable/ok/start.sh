#!/bin/sh
export SESSION_SECRET="$(cat /run/secrets/session)"
docker compose up -d
