#!/bin/sh
set -eu
export OPENAI_API_KEY="$(gcloud secrets versions access 3 --secret openai)"
docker pull ghcr.io/acme/chat:1.4.0
docker run -d --name chat --restart unless-stopped -p 127.0.0.1:8080:8080 -e LOG_LEVEL=info ghcr.io/acme/chat:1.4.0
