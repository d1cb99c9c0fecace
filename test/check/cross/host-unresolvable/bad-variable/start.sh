#!/bin/sh
docker run -d --name chat -e DATABASE_URL="postgres://app:${PASSWORD}@localhost:5432/app" ghcr.io/acme/chat:1.0.0
