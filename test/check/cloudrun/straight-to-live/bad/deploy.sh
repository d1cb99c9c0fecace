#!/bin/sh
gcloud run deploy chat --image=ghcr.io/acme/chat:1.0.0 --region=europe-west1
url=$(gcloud run services describe chat --region=europe-west1 --format='value(status.url)')
curl --fail "$url/health"
