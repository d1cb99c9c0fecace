#!/usr/bin/env bash
set -euo pipefail
PROJECT=example-project
REGION=europe-west1
TAG=$(git rev-parse --short HEAD)
IMAGE=$REGION-docker.pkg.dev/$PROJECT/app/summarize:$TAG
gcloud builds submit --tag "$IMAGE" --project "$PROJECT"
gcloud run deploy summarize --image "$IMAGE" --project "$PROJECT" --region "$REGION" --allow-unauthenticated --min-instance 1
curl -s "$(gcloud run services describe summarize --region "$REGION" --format 'value(status.url)')/healthz"
