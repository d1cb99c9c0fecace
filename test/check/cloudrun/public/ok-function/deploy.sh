#!/bin/sh
cloud() { gcloud "$@" "--project=$project" --quiet; }
# It says what it would do.
say() { echo "gcloud $*"; }
told() { echo gcloud "$@"; }
second() { shift; gcloud "$@"; }
cloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --no-allow-unauthenticated
say run deploy chat --allow-unauthenticated
told run deploy chat --image=ghcr.io/acme/chat:1.0.0 --allow-unauthenticated
second run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --allow-unauthenticated
