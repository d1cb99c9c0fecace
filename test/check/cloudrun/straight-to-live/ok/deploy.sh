#!/bin/sh
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1 --no-traffic --tag=candidate
curl --fail "$CANDIDATE_URL/health"
gcloud run services update-traffic chat --region=europe-west1 --to-latest
