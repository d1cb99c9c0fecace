#!/bin/sh
# What it says is only known when it runs.
gcloud run deploy web --image=ghcr.io/acme/web:1.0.0 --region=europe-west1 --concurrency="$CONCURRENCY" --min-instances=1
gcloud run deploy api --image=ghcr.io/acme/api:1.0.0 --region=europe-west1 "${FLAGS[@]}"
gcloud run deploy docs --image=ghcr.io/acme/docs:1.0.0 --region=europe-west1 --min-instances=1
gcloud run services update docs --region=europe-west1 --concurrency=8
