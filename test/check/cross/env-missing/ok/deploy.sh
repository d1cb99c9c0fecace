#!/bin/sh
set -eu
export OPENAI_API_KEY="$(gcloud secrets versions access 3 --secret openai)"
docker run -d --name chat -p 127.0.0.1:8080:8080 -e OPENAI_API_KEY ghcr.io/acme/chat:1.4.0
